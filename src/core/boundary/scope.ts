/** Scopes: exact files and whole folders, and whether one contains a path or meets another. */
import { splitSymbol } from "../model/scope-pattern.ts";

/** `file`: exactly this path. `tree`: everything below this folder; the path `""` is the whole repository. */
export interface Scope {
  kind: "file" | "tree";
  path: string;
  symbol: string | undefined;
}

/** `src/a.ts#parse` → a file, `src/**` → a tree. The entry has passed the schema. */
export function parseScope(entry: string): Scope {
  const [path, symbol] = splitSymbol(entry);
  if (path === "**") return { kind: "tree", path: "", symbol };
  if (path.endsWith("/**")) return { kind: "tree", path: path.slice(0, -3), symbol };
  return { kind: "file", path, symbol };
}

/** Folders above `path`, nearest last, beginning with the repository's root `""`. */
export function ancestorsOf(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return ["", ...segments.map((_, index) => segments.slice(0, index + 1).join("/"))];
}

export function scopeContains(scope: Scope, path: string): boolean {
  if (scope.kind === "file") return scope.path === path;
  return scope.path === "" || path.startsWith(`${scope.path}/`);
}

/** Whether a path can lie in both. */
export function scopesMeet(a: Scope, b: Scope): boolean {
  if (a.kind === "file") return scopeContains(b, a.path);
  if (b.kind === "file") return scopeContains(a, b.path);
  return scopeContains(a, `${b.path}/`) || scopeContains(b, `${a.path}/`);
}

/** Exact paths only: what a task names one by one, as opposed to a folder. */
export function exactPaths(entries: string[]): string[] {
  return entries
    .map(parseScope)
    .filter((scope) => scope.kind === "file")
    .map((scope) => scope.path);
}
