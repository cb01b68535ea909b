/** Phase 0: the roots are a fence: what a path really leads to must lie inside one of them, whatever symbolic links say. */
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { pathProblem } from "../../core/model/scope-pattern.ts";

/**
 * The real path behind `path` in `root`, or undefined when there is nothing, or when it is absolute, uses `..`, is git's own
 * directory, or a symbolic link takes it out of all `roots`.
 */
export async function confinedPath(root: string, path: string, roots: string[]): Promise<string | undefined> {
  if (pathProblem(path) !== undefined) return undefined;
  const target = await realPath(join(root, path));
  if (target === undefined) return undefined;
  const fences = await Promise.all(roots.map(realPath));
  return fences.some((fence) => fence !== undefined && isInside(fence, target)) ? target : undefined;
}

function isInside(fence: string, target: string): boolean {
  const inner = relative(fence, target);
  return !isAbsolute(inner) && pathProblem(inner.split(sep).join("/")) === undefined;
}

async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
