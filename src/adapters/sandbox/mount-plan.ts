/** A task's scope as mounts: the way to each declared path is writable, everything that exists beside it is bound read-only over itself. */
import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ancestorsOf, parseScope, type Scope } from "../../core/boundary/scope.ts";
import { type Boundary, mayWrite } from "../../core/model/boundary.ts";

/** Each bind costs bubblewrap more than the one before: 100 of them take about 70 ms, 1,000 take ten seconds. */
export const MAX_BINDS = 100;

interface Candidate {
  path: string;
  depth: number;
  isFolder: boolean;
}

/**
 * Paths of `tree` to bind read-only, relative and sorted. Editors may write and rename onto a declared file, because its folder is
 * writable; a mount point can be neither written, renamed nor removed. What is beyond the limit (files of the deepest folders first)
 * and what cannot be a mount point (links, names to come) is left to the verification after the attempt.
 */
export function mountPlan(tree: string, boundary: Boundary): string[] {
  const scopes = mayWrite(boundary.access) ? boundary.scope.map(parseScope) : [];
  if (scopes.some((scope) => scope.kind === "tree" && scope.path === "")) return [];
  const open = waysTo(scopes);
  const found = [...open].flatMap((folder) => closedEntries(tree, folder, { open, scopes }));
  found.sort(byWeight);
  return found
    .slice(0, MAX_BINDS)
    .map((candidate) => candidate.path)
    .sort();
}

/** The folders that lead to a declared path, the root among them. */
function waysTo(scopes: Scope[]): Set<string> {
  return new Set(["", ...scopes.flatMap((scope) => ancestorsOf(scope.path))]);
}

function closedEntries(
  tree: string,
  folder: string,
  { open, scopes }: { open: Set<string>; scopes: Scope[] },
): Candidate[] {
  if (isInside(folder, scopes)) return [];
  return entriesOf(join(tree, folder)).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const isFolder = entry.isDirectory();
    if (path === ".git" || (!isFolder && !entry.isFile())) return [];
    if (open.has(path) && isFolder) return [];
    if (scopes.some((scope) => scope.path === path) || isInside(path, scopes)) return [];
    return [{ path, depth: path.split("/").length, isFolder }];
  });
}

function isInside(path: string, scopes: Scope[]): boolean {
  return scopes.some(
    (scope) => scope.kind === "tree" && path !== "" && (path === scope.path || path.startsWith(`${scope.path}/`)),
  );
}

/** Nothing for what is not there, is no folder, or is reached through a link. */
function entriesOf(folder: string): Dirent[] {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
}

/** Folders first, since one bind keeps all that is in them; then what is nearest to the root. */
function byWeight(a: Candidate, b: Candidate): number {
  if (a.isFolder !== b.isFolder) return a.isFolder ? -1 : 1;
  if (a.depth !== b.depth) return a.depth - b.depth;
  return a.path < b.path ? -1 : 1;
}
