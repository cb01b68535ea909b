/** Edits that a client sends instead of making them itself: written below the workspace's tree and nowhere else, through no link. */
import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Violation } from "../../../core/model/attempt.ts";
import { pathProblem } from "../../../core/model/scope-pattern.ts";
import type { FileEdit } from "../../../core/ports/workspace.ts";
import { isGitMetadata } from "./forbidden-change.ts";

const FIX = "name a regular file by its path from the repository's root";
const EXECUTABLE = 0o111;

/** Carries out `edits` in the workspace in `folder`; what has no place there is left out and returned. */
export async function editWorkspace(folder: string, edits: FileEdit[]): Promise<Violation[]> {
  const refused: Violation[] = [];
  for (const edit of edits) {
    const rule = await edited(folder, edit);
    if (rule !== undefined) refused.push({ path: edit.path, rule, fix: FIX });
  }
  return refused;
}

/** Why the edit was not made, if so. */
async function edited(folder: string, edit: FileEdit): Promise<string | undefined> {
  const problem = pathProblem(edit.path) ?? (isGitMetadata(edit.path) ? "names git's own directory" : undefined);
  if (problem !== undefined) return problem;
  const root = join(folder, "tree");
  const parent = await parentProblem(root, edit.path);
  if (parent !== undefined) return parent;
  const target = join(root, edit.path);
  const there = await entryOf(target);
  if (there?.isDirectory()) return "is a folder";
  if (edit.delete === true) {
    await rm(target, { force: true });
    return undefined;
  }
  if (there !== undefined && !there.isFile())
    return "is a link or no regular file: content written there lands elsewhere";
  await put(target, edit.content ?? "", { folder, mode: there === undefined ? 0o644 : there.mode });
  return undefined;
}

/** Every folder on the way must be one, or be missing. */
async function parentProblem(root: string, path: string): Promise<string | undefined> {
  const segments = path.split("/").slice(0, -1);
  for (const [index] of segments.entries()) {
    const folder = segments.slice(0, index + 1).join("/");
    const there = await entryOf(join(root, folder));
    if (there === undefined) return undefined;
    if (!there.isDirectory()) return `leads through ${folder}, which is no folder`;
  }
  return undefined;
}

async function entryOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}

/** Replaced as a whole: another name of the same file, such as a hard link, keeps its content. */
async function put(target: string, content: string, how: { folder: string; mode: number }): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const draft = join(how.folder, "tmp", "forkjoin-edit");
  await writeFile(draft, content, { mode: 0o600 });
  await chmod(draft, (how.mode & EXECUTABLE) === 0 ? 0o644 : 0o755);
  await rename(draft, target);
}
