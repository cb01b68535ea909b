/** Phase 5.2 — decides every path of one task's change: taken, merged, dropped by the strategy or a person, or left waiting. */
import type { Decision, Strategy } from "../../model/conflict.ts";
import type { MergedPath } from "../../model/integration.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import { judgePaths } from "../judge/judge-paths.ts";
import type { MergePorts } from "../merge-ports.ts";
import { sidesOf } from "./conflict-sides.ts";
import { type ContestedPath, type MergedPaths, type MergeRequest, takeUncontested } from "./contested-path.ts";
import { isApart } from "./is-apart.ts";
import { loseHunks } from "./lose-hunks.ts";
import { mergePaths } from "./merge-paths.ts";
import { STRATEGY_RULES } from "./strategies.ts";
import { unseenConflicts } from "./unseen-conflicts.ts";

export interface SettledPaths {
  /** what changes on top of the tip */
  entries: Map<string, TreeEntry | undefined>;
  dropped: { path: string; side: "ours" | "theirs"; decision: string }[];
  waiting: ContestedPath[];
  merged: MergedPath[];
  /** contested paths that a whole task loses: this one (`theirs`), or those before it (`ours`) */
  lost: { side: "ours" | "theirs"; paths: string[]; decision: string } | undefined;
}

export interface SettleRequest extends MergeRequest {
  strategy: Strategy;
  /** a person's answer to a contested path, of this run or remembered */
  decisionFor(contested: ContestedPath): Promise<Decision | undefined>;
  /** checks of the tasks that meet at these paths */
  checksOf(paths: string[]): Promise<string[]>;
}

export async function settlePaths(ports: MergePorts, request: SettleRequest): Promise<SettledPaths> {
  const { merges, contested: rule } = STRATEGY_RULES[request.strategy];
  const found = merges ? await mergePaths(ports, request) : await withoutMerge(ports, request);
  const { entries, merged } = found;
  const settled: SettledPaths = { entries, merged: [...merged], dropped: [], waiting: [], lost: undefined };
  const open: ContestedPath[] = [];
  for (const path of found.contested) {
    const decision = await request.decisionFor(path);
    if (decision !== undefined && decision.sides === sidesOf(path)) applyDecision(settled, path, decision);
    else open.push(path);
  }
  if (rule === "review") await judgeOpen(ports, { settled, open, merges, request });
  else await applyRule(ports, { settled, open, rule, request });
  return settled;
}

/** Every path that both changed is contested, and what git calls a conflict besides. */
async function withoutMerge({ repository }: MergePorts, { sides, overlap }: MergeRequest): Promise<MergedPaths> {
  const found = takeUncontested(overlap);
  if (overlap.ours.size === 0 || isApart(overlap)) return found;
  const { conflicts } = await repository.merge(sides.base, sides.tip, sides.source);
  const unseen = unseenConflicts(conflicts, { overlap, contested: found.contested });
  for (const { path } of unseen) found.entries.delete(path);
  return { ...found, contested: [...found.contested, ...unseen] };
}

/** A strategy that merges lets the checks say whether two changes can be joined before it asks a person. */
async function judgeOpen(
  ports: MergePorts,
  { settled, open, merges, request }: Omit<Ruling, "rule"> & { merges: boolean },
): Promise<void> {
  const { sides, settings, checksOf } = request;
  const work = { open, entries: settled.entries, tip: sides.tip, limits: settings, checksOf };
  const judged = merges ? await judgePaths(ports, work) : { joined: [], open };
  for (const { path, entry, by, checks } of judged.joined) {
    settled.entries.set(path, entry);
    settled.merged.push({ path, by, checks });
  }
  settled.waiting.push(...judged.open);
}

interface Ruling {
  settled: SettledPaths;
  open: ContestedPath[];
  rule: "ours" | "theirs";
  request: SettleRequest;
}

async function applyRule(ports: MergePorts, { settled, open, rule, request }: Ruling): Promise<void> {
  const { strategy, settings } = request;
  const side = rule === "ours" ? "theirs" : "ours";
  if (settings.granularity === "task") {
    const decision =
      rule === "ours" ? `${strategy}: the earlier task stays` : `${strategy}: the later task replaces it`;
    if (open.length > 0) settled.lost = { side, paths: open.map(({ path }) => path), decision };
    for (const { path, theirs } of rule === "theirs" ? open : []) settled.entries.set(path, theirs);
    return;
  }
  for (const contested of open) {
    const { path } = contested;
    const lines = settings.granularity === "hunk" ? await loseHunks(ports, contested, rule) : undefined;
    if (lines !== undefined) settled.merged.push({ path, by: ["git"] });
    if (lines !== undefined) settled.entries.set(path, lines.entry);
    else if (rule === "theirs") settled.entries.set(path, contested.theirs);
    if (lines?.clashed === false) continue;
    const what = lines === undefined ? "version" : "lines";
    const decision =
      rule === "ours"
        ? `${strategy}: the earlier task's ${what} ${lines === undefined ? "stays" : "stay"}`
        : `${strategy}: the later task's ${what} ${lines === undefined ? "replaces it" : "replace them"}`;
    settled.dropped.push({ path, side, decision });
  }
}

function applyDecision(settled: SettledPaths, contested: ContestedPath, decision: Decision): void {
  const { path } = contested;
  const chosen = decision.blob === undefined ? undefined : { mode: decision.mode ?? "100644", blob: decision.blob };
  settled.entries.set(path, chosen);
  const left = { ours: ["theirs"], theirs: ["ours"], both: [], edited: ["ours", "theirs"] } as const;
  for (const side of left[decision.choice]) settled.dropped.push({ path, side, decision: saidBy(decision) });
  if (decision.remembered_from !== undefined) settled.merged.push({ path, by: ["remembered"] });
}

export function saidBy({ choice, remembered_from }: Decision): string {
  const said = choice === "edited" ? "a person wrote the merged version" : `a person chose ${choice}`;
  return remembered_from === undefined ? said : `${said} in run ${remembered_from}`;
}
