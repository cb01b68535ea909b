/** Changes that no task may leave behind, whatever its scope: links that lead out, devices, set-user-id files, git metadata. */
import { realpath } from "node:fs/promises";
import { isAbsolute, join, posix, relative } from "node:path";
import type { ManifestEntry } from "./manifest.ts";

const GIT_METADATA = /^(\.git[ .]*|git~\d+)$/i;

export function isGitMetadata(path: string): boolean {
  return path.split("/").some((segment) => GIT_METADATA.test(segment));
}

/** The rule that `path` breaks, or undefined. `root` is the real path of the workspace. */
export async function forbiddenChange(root: string, path: string, entry: ManifestEntry): Promise<string | undefined> {
  if (isGitMetadata(path)) return "git metadata inside the tree";
  if (entry.kind === "unnameable") return "a name that is not UTF-8";
  if (entry.kind === "special") return "a device, socket or pipe";
  if (entry.kind === "file" && (entry.mode & 0o7000) !== 0) return "a set-user-id, set-group-id or sticky file";
  if (entry.kind === "file" && entry.hardLinks > 1) return "a hard link";
  if (entry.kind === "symlink") return linkProblem(root, path, entry.link ?? "");
  return undefined;
}

async function linkProblem(root: string, path: string, target: string): Promise<string | undefined> {
  const leaves = "a symbolic link that leads out of the repository";
  if (isAbsolute(target)) return leaves;
  const lexical = posix.normalize(posix.join(posix.dirname(path), target));
  if (lexical === ".." || lexical.startsWith("../")) return leaves;
  if (lexical === ".git" || lexical.startsWith(".git/")) return "a symbolic link into git's own directory";
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return undefined;
  const inside = relative(root, real);
  if (inside.startsWith("..") || isAbsolute(inside)) return leaves;
  return inside === ".git" || inside.startsWith(".git/") ? "a symbolic link into git's own directory" : undefined;
}
