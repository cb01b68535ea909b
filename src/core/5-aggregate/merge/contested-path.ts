/** Phase 5.2 — paths that two tasks changed and nothing has put together: what is contested, and between which versions. */
import type { JudgedCandidate, SemanticPlace } from "../../model/conflict.ts";
import type { MergedPath } from "../../model/integration.ts";
import type { MergeSettings } from "../../model/merge-settings.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergeSides, Overlap } from "../find-overlap.ts";

/** A path with no version that both sides would agree to. */
export interface ContestedPath {
  path: string;
  why: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
  /** one version or the other: attributes take the file out of merging */
  whole?: true;
  /** as far as it could be merged, with markers around the rest */
  proposal?: string;
  /** ways to join it that were tested */
  candidates?: JudgedCandidate[];
  /** what the merged file would declare twice, and the two lines */
  symbol?: string;
  line?: number;
  other?: SemanticPlace;
}

export interface MergedPaths {
  /** what changes on top of the tip */
  entries: Map<string, TreeEntry | undefined>;
  contested: ContestedPath[];
  /** paths of both sides that were put together, and how */
  merged: MergedPath[];
}

export interface MergeRequest {
  sides: MergeSides;
  overlap: Overlap;
  settings: MergeSettings;
  /** who made the two versions of a path, for people */
  names(path: string): Promise<{ ours: string; theirs: string }>;
}

/** Without a merge: every path that both sides changed is contested. */
export function takeUncontested({ theirs, ours, paths }: Overlap): MergedPaths {
  const meeting = new Set(paths);
  const free = theirs.filter((change) => !meeting.has(change.path));
  const contested = paths.map((path) => contestedPath(path, "both tasks changed it", { theirs, ours }));
  return { entries: new Map(free.map((change) => [change.path, change.after])), contested, merged: [] };
}

export function contestedPath(
  path: string,
  why: string,
  { theirs, ours }: Pick<Overlap, "theirs" | "ours">,
): ContestedPath {
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
