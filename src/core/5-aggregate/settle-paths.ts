/** Phase 5.2 — decides every path of one task's change: taken, merged, dropped by the strategy or a person, or left waiting. */
import type { Decision, Strategy } from "../model/conflict.ts";
import type { Repository, TreeEntry } from "../ports/repository.ts";
import type { MergeSides, Overlap } from "./find-overlap.ts";
import { type ContestedPath, mergePaths, takeUncontested } from "./merge-paths.ts";
import { STRATEGY_RULES } from "./strategies.ts";

export interface SettledPaths {
  /** what changes on top of the tip */
  entries: Map<string, TreeEntry | undefined>;
  dropped: { path: string; side: "ours" | "theirs"; decision: string }[];
  waiting: ContestedPath[];
}

export async function settlePaths(
  repository: Repository,
  request: { sides: MergeSides; overlap: Overlap; strategy: Strategy; decisions: Map<string, Decision> },
): Promise<SettledPaths> {
  const { merges, contested: rule } = STRATEGY_RULES[request.strategy];
  const found = merges ? await mergePaths(repository, request) : takeUncontested(request.overlap);
  const settled: SettledPaths = { entries: found.entries, dropped: [], waiting: [] };
  for (const path of found.contested) {
    const decision = request.decisions.get(path.path);
    if (decision !== undefined && decision.sides === sidesOf(path)) applyDecision(settled, path, decision);
    else if (rule === "review") settled.waiting.push(path);
    else applyRule(settled, path, { rule, strategy: request.strategy });
  }
  return settled;
}

/** Which three versions a decision was about: with another version it is another question. */
export function sidesOf({ base, ours, theirs }: Omit<ContestedPath, "path" | "why">): string {
  return [base, ours, theirs].map((entry) => (entry === undefined ? "-" : `${entry.mode}:${entry.blob}`)).join(" ");
}

function applyRule(
  settled: SettledPaths,
  contested: ContestedPath,
  { rule, strategy }: { rule: "ours" | "theirs"; strategy: Strategy },
): void {
  const { path } = contested;
  const decision =
    rule === "ours"
      ? `${strategy}: the earlier task's version stays`
      : `${strategy}: the later task's version replaces it`;
  settled.dropped.push({ path, side: rule === "ours" ? "theirs" : "ours", decision });
  if (rule === "theirs") settled.entries.set(path, contested.theirs);
}

function applyDecision(settled: SettledPaths, contested: ContestedPath, decision: Decision): void {
  const { path } = contested;
  const chosen = decision.blob === undefined ? undefined : { mode: decision.mode ?? "100644", blob: decision.blob };
  settled.entries.set(path, chosen);
  const left = { ours: ["theirs"], theirs: ["ours"], both: [], edited: ["ours", "theirs"] } as const;
  const said = decision.choice === "edited" ? "a person wrote the merged version" : `a person chose ${decision.choice}`;
  for (const side of left[decision.choice]) settled.dropped.push({ path, side, decision: said });
}
