/** A task's change as git shows it: its size, and as a patch. */
import { writeFile } from "node:fs/promises";
import type { TaskChange } from "../../../core/model/batch-results.ts";
import { type GitPlace, gitList, runGit } from "../git.ts";

/** Files, sorted, and lines that `commit` changed on `base`; binary files count no lines. */
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

/** Patch of the changes of `commit` on `base`, into `file`, readable for this user alone; true when it is there. */
export async function writePatch(
  place: GitPlace,
  { base, commit }: { base: string; commit: string },
  file: string,
): Promise<boolean> {
  const { stdout } = await runGit(place, ["diff-tree", "-r", "-p", "--binary", "--no-renames", base, commit]);
  await writeFile(file, stdout, { mode: 0o600 });
  return true;
}

/** Paths in which `tree` differs from `base` although they are none of `paths`. */
export async function changedBeside(
  place: GitPlace,
  { base, tree, paths }: { base: string; tree: string; paths: string[] },
): Promise<string[]> {
  const asked = new Set(paths);
  const changed = await gitList(place, ["diff-tree", "-r", "-z", "--name-only", "--no-renames", base, tree]);
  return changed.filter((path) => !asked.has(path));
}
