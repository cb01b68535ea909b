/** Phase 5.2 — which paths a task's change shares with what was integrated before it, and what a merge of the two gives. */
import type { Repository, TreeChange, TreeEntry } from "../ports/repository.ts";

export interface MergeSides {
  /** commit the task started from */
  base: string;
  /** what is integrated so far */
  tip: string;
  /** the task's accepted commit */
  source: string;
}

export interface Overlap {
  theirs: TreeChange[];
  ours: Map<string, TreeChange>;
  /** paths of the task that meet a different change of an earlier task */
  paths: string[];
}

export async function findOverlap(repository: Repository, { base, tip, source }: MergeSides): Promise<Overlap> {
  const theirs = await repository.changes(base, source);
  const before = base === tip ? [] : await repository.changes(base, tip);
  const ours = new Map(before.map((change) => [change.path, change]));
  const paths = theirs.filter((change) => meets(change, ours)).map((change) => change.path);
  return { theirs, ours, paths };
}

/** The same path with another content, or a file where the other side made a folder. */
function meets(change: TreeChange, ours: Map<string, TreeChange>): boolean {
  const same = ours.get(change.path);
  if (same !== undefined) return !sameEntry(same.after, change.after);
  if (change.after === undefined) return false;
  const segments = change.path.split("/");
  const above = segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
  if (above.some((path) => ours.get(path)?.after !== undefined)) return true;
  return [...ours.values()].some((other) => other.after !== undefined && other.path.startsWith(`${change.path}/`));
}

export function sameEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.mode === b?.mode && a?.blob === b?.blob;
}
