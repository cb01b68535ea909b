/** Phase 0: what a folder entry of the graph stands for. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathProblem } from "../../core/model/scope-pattern.ts";

/** A folder beyond this is a repository, not knowledge; it gives nothing, since an arbitrary part of it would mislead. */
const MAX_FOLDER_FILES = 1_000;

/** Relative POSIX paths of the files in `folder`, at every depth, sorted. Links to folders are not followed: they may lead round in circles. */
export async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true }).catch(() => [])) {
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (pathProblem(path) !== undefined) continue;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
    if (files.length > MAX_FOLDER_FILES) return [];
  }
  return files.sort();
}
