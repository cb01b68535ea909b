/** Where a path that an agent names really leads, and whether its task may change it: `..`, links and `.git` followed to the end. */
import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { parseScope, scopeContains } from "../../../core/boundary/scope.ts";
import { type Boundary, mayWrite } from "../../../core/model/boundary.ts";

export type Writable = { ok: true; path: string; root: string; inside: string } | { ok: false; why: string };

/** `path` as the agent wrote it, absolute or from the workspace. The answer's `path` has no link in it but may not exist yet. */
export function writablePath(workspace: string, path: string, boundary: Boundary): Writable {
  if (path === "" || path.includes("\0")) return refused("it is not a path");
  if (!mayWrite(boundary.access)) return refused(`access is ${boundary.access}`);
  const root = realpathSync(workspace);
  const real = realOf(isAbsolute(path) ? path : resolve(root, path));
  if (real === undefined) return refused("it does not lead anywhere");
  const inside = relative(root, real).split(sep).join("/");
  if (inside === "" || inside.startsWith("../") || inside === ".." || isAbsolute(inside)) {
    return refused("it leads out of the workspace");
  }
  if (inside.split("/").some((part) => part.toLowerCase() === ".git")) return refused("it is git's own");
  if (!boundary.scope.map(parseScope).some((scope) => scopeContains(scope, inside))) {
    return refused("it is outside the task's scope");
  }
  const there = lstatSync(real, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return refused("it is no regular file");
  if (there !== undefined && there.nlink > 1) return refused("it is a hard link");
  return { ok: true, path: real, root, inside };
}

function refused(why: string): Writable {
  return { ok: false, why };
}

/** The existing part with its links resolved, and what is still to be made below it; undefined for a dangling link. */
function realOf(path: string): string | undefined {
  const missing: string[] = [];
  let existing = resolve(path);
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  try {
    return join(realpathSync(existing), ...missing);
  } catch {
    return undefined;
  }
}
