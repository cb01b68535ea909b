/** Folders of the user's repository that a sandbox hides, and the objects that a workspace needs all the same. */
import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { RepositoryLocation } from "../repository/repository-location.ts";

/** More of them than anyone links together. */
const MAX_FOLDERS = 20;

/** The checkout, its git directory, the one it shares with other worktrees, and the main checkout. */
export function userFolders({ root, gitDirectory, objects }: RepositoryLocation): string[] {
  const common = dirname(objects);
  const main = basename(common) === ".git" ? [dirname(common)] : [];
  return [...new Set([root, gitDirectory, common, ...main])].sort();
}

/** The repository's own objects, and those that it borrows itself. */
export function objectFolders(objects: string): string[] {
  const found = new Set<string>();
  const pending = [objects];
  for (let folder = pending.pop(); folder !== undefined && found.size < MAX_FOLDERS; folder = pending.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    pending.push(...alternatesOf(folder));
  }
  return [...found].sort();
}

function alternatesOf(objects: string): string[] {
  try {
    const lines = readFileSync(join(objects, "info", "alternates"), "utf8").split("\n");
    const paths = lines.filter((line) => line !== "" && !line.startsWith("#"));
    return paths.map((path) => (isAbsolute(path) ? path : resolve(objects, path)));
  } catch {
    return [];
  }
}
