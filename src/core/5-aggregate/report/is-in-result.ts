/** Phase 5.3 — whether what a task did to one path is in the state it landed in: looked up in the trees, line by line where git merged. */
import type { RepositoryReader, TreeChange, TreeEntry } from "../../ports/repository.ts";
import { sameEntry } from "../find-overlap.ts";

/** A task's accepted change and the commit it became part of. */
export interface Landed {
  base: string;
  changes: TreeChange[];
  commit: string;
  files: Map<string, TreeEntry>;
}

const MAX_BYTES = 64 * 1024 * 1024;

type Lines = Map<string, number>;

/**
 * The task's own version; or a merged one that has every line the task added, at its path or where another task moved the file to.
 * A deletion is in when the path is gone.
 */
export async function isInResult(repository: RepositoryReader, change: TreeChange, landed: Landed): Promise<boolean> {
  const result = landed.files.get(change.path);
  if (sameEntry(change.after, result)) return true;
  if (change.after === undefined) return false;
  const added = await addedLines(repository, change, landed.changes);
  if (added === undefined) return false;
  const places = result === undefined ? await movedTo(repository, landed) : [result];
  for (const place of places) {
    const merged = await linesOf(repository, place);
    if (merged !== undefined && [...added].every(([line, count]) => (merged.get(line) ?? 0) >= count)) return true;
  }
  return false;
}

/** Lines of the new version that were not there before; a new file may have its lines from files that the task removed. */
async function addedLines(
  repository: RepositoryReader,
  change: TreeChange,
  changes: TreeChange[],
): Promise<Lines | undefined> {
  const after = await linesOf(repository, change.after);
  const removed = changes.filter((other) => other.after === undefined).map((other) => other.before);
  for (const source of change.before === undefined ? removed : [change.before]) {
    for (const [line, count] of (await linesOf(repository, source)) ?? []) {
      after?.set(line, (after.get(line) ?? 0) - count);
    }
  }
  return after;
}

async function movedTo(repository: RepositoryReader, { base, commit }: Landed): Promise<TreeEntry[]> {
  return (await repository.changes(base, commit)).flatMap((change) => change.after ?? []);
}

async function linesOf(repository: RepositoryReader, entry: TreeEntry | undefined): Promise<Lines | undefined> {
  if (entry === undefined) return new Map();
  const content = await repository.text(entry.blob, MAX_BYTES);
  if (!("text" in content)) return undefined;
  const counts: Lines = new Map();
  for (const line of content.text.split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
