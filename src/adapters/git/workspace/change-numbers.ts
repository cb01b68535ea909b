/** How much a commit changed on its base: files, and lines added and removed. */
import type { TaskChange } from "../../../core/model/batch-results.ts";
import { type GitPlace, gitList } from "../git.ts";

export async function changeNumbers(
  place: GitPlace,
  base: string,
  commit: string,
): Promise<Omit<TaskChange, "commit">> {
  const args = ["diff-tree", "-r", "-z", "--numstat", "--no-renames", base, commit];
  const rows = (await gitList(place, args)).map((row) => /^(\S+)\t(\S+)\t([\s\S]*)$/.exec(row) ?? []);
  const sum = (column: number): number => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  return { files: rows.map((row) => row[3] ?? "").sort(), insertions: sum(1), deletions: sum(2) };
}
