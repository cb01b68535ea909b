/** Phase 5.2 — what git merges by itself of two changes, and which paths it cannot: those are contested. */
import type { Repository, TreeEntry } from "../ports/repository.ts";
import type { MergeSides, Overlap } from "./find-overlap.ts";

/** A path with no version that both sides would agree to. */
export interface ContestedPath {
  path: string;
  why: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
}

export interface MergedPaths {
  /** what changes on top of the tip */
  entries: Map<string, TreeEntry | undefined>;
  contested: ContestedPath[];
}

interface MergeRequest {
  sides: MergeSides;
  overlap: Overlap;
}

/** Without a merge: every path that both sides changed is contested. */
export function takeUncontested({ theirs, ours, paths }: Overlap): MergedPaths {
  const meeting = new Set(paths);
  const free = theirs.filter((change) => !meeting.has(change.path));
  const contested = paths.map((path) => contestedPath(path, "both tasks changed it", { theirs, ours }));
  return { entries: new Map(free.map((change) => [change.path, change.after])), contested };
}

/**
 * Git's merge, in which a change follows a file that the other side moved. A conflict that is at no path of the task (in a moved
 * file, or under a name git invents where a file meets a folder) cannot be put to a person as two versions of one path: then the
 * paths are merged one by one.
 */
export async function mergePaths(repository: Repository, { sides, overlap }: MergeRequest): Promise<MergedPaths> {
  if (overlap.ours.size === 0) return takeUncontested({ ...overlap, paths: [] });
  const merged = await repository.merge(sides.base, sides.tip, sides.source);
  const own = new Set(overlap.theirs.map((change) => change.path));
  if (!merged.conflicts.every((conflict) => own.has(conflict.path)))
    return mergeInPlace(repository, { sides, overlap });
  const blocked = new Set(merged.conflicts.map((conflict) => conflict.path));
  const changed = await repository.changes(sides.tip, merged.tree);
  return {
    entries: new Map(
      changed.filter((change) => !blocked.has(change.path)).map((change) => [change.path, change.after]),
    ),
    contested: merged.conflicts.map(({ path, why }) => contestedPath(path, why, overlap)),
  };
}

/** Merges trees that hold nothing but the paths both sides changed, so that git sees no moves. */
async function mergeInPlace(repository: Repository, { sides, overlap }: MergeRequest): Promise<MergedPaths> {
  const { entries, contested } = takeUncontested(overlap);
  const same = contested.filter(({ path }) => overlap.ours.has(path));
  const nested = contested.filter(({ path }) => !overlap.ours.has(path));
  const base = await repository.treeOf(sides.base);
  const ours = await repository.withEntries(base, new Map(same.map((found) => [found.path, found.ours])));
  const theirs = await repository.withEntries(base, new Map(same.map((found) => [found.path, found.theirs])));
  const merged = await repository.merge(base, ours, theirs);
  const why = new Map(merged.conflicts.map((conflict) => [conflict.path, conflict.why]));
  const result = await repository.files(merged.tree);
  for (const { path } of same) if (!why.has(path)) entries.set(path, result.get(path));
  return {
    entries,
    contested: [
      ...same.filter(({ path }) => why.has(path)).map((found) => ({ ...found, why: why.get(found.path) ?? found.why })),
      ...nested.map((found) => ({ ...found, why: "one task has a file where the other has a folder" })),
    ],
  };
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
