/** Phase 5.2 — decides every path of one task's change: taken, merged, dropped by the strategy or a person, or left waiting. */
import type { Decision, Strategy } from "../model/conflict.ts";
import type { Repository, TreeEntry } from "../ports/repository.ts";
import type { MergeSides, Overlap } from "./find-overlap.ts";
import { STRATEGY_RULES } from "./strategies.ts";

export interface ContestedPath {
  path: string;
  why: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
}

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
  const found = merges ? await mergeByGit(repository, request) : takeUncontested(request.overlap);
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

interface Found {
  entries: Map<string, TreeEntry | undefined>;
  contested: ContestedPath[];
}

function takeUncontested({ theirs, ours, paths }: Overlap): Found {
  const meeting = new Set(paths);
  const free = theirs.filter((change) => !meeting.has(change.path));
  const contested = paths.map((path) => contestedPath(path, "both tasks changed it", { theirs, ours }));
  return { entries: new Map(free.map((change) => [change.path, change.after])), contested };
}

/** What git merges by itself is taken from its tree; the paths it names as conflicts are contested. */
async function mergeByGit(
  repository: Repository,
  { sides, overlap }: { sides: MergeSides; overlap: Overlap },
): Promise<Found> {
  if (overlap.ours.size === 0) return takeUncontested({ ...overlap, paths: [] });
  const merged = await repository.merge(sides.base, sides.tip, sides.source);
  const changed = await repository.changes(sides.tip, merged.tree);
  if (merged.conflicts.length === 0) {
    return { entries: new Map(changed.map((change) => [change.path, change.after])), contested: [] };
  }
  const known = new Set([...overlap.theirs.map((change) => change.path), ...overlap.ours.keys()]);
  const named = merged.conflicts.filter((conflict) => known.has(conflict.path));
  const contested = named.length > 0 ? named : overlap.paths.map((path) => ({ path, why: "git could not merge it" }));
  const blocked = new Set([...contested, ...merged.conflicts].map((conflict) => conflict.path));
  const free = changed.filter((change) => !blocked.has(change.path) && isOrdinary(change.path, known));
  return {
    entries: new Map(free.map((change) => [change.path, change.after])),
    contested: contested.map(({ path, why }) => contestedPath(path, why, overlap)),
  };
}

/** Git parks one side of a file-against-folder conflict under an invented name such as `a~side`: that is no path of anyone's. */
function isOrdinary(path: string, known: Set<string>): boolean {
  return known.has(path);
}

function contestedPath(path: string, why: string, { theirs, ours }: Pick<Overlap, "theirs" | "ours">): ContestedPath {
  const their = theirs.find((change) => change.path === path);
  const our = ours.get(path);
  const base = their?.before ?? our?.before;
  return {
    path,
    why,
    base,
    ours: our === undefined ? base : our.after,
    theirs: their === undefined ? base : their.after,
  };
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
