/** Phase 2.2 — a task's scope as files of the base commit: what it may change, and which symbols where it says so. */
import { parseScope } from "../boundary/scope.ts";
import type { Task } from "../model/task.ts";

/** Symbols of one file that a task is about; undefined means the whole file. */
export type Symbols = ReadonlySet<string> | undefined;

export interface TaskFiles {
  task: Task;
  /** every file of the scope, sorted, with the symbols the scope names */
  scope: Map<string, Symbols>;
  /** what others may depend on: `modifies`, else the scope; empty when the task only reads */
  changes: Map<string, Symbols>;
  /** true when the task itself says what it modifies */
  declared: boolean;
}

/** `paths` sorted. Exact paths count although they do not exist yet. */
export function taskFiles(task: Task, paths: string[]): TaskFiles {
  const scope = expand(task.files, paths);
  const declared = task.modifies.length > 0;
  const changes = declared ? expand(task.modifies, paths) : scope;
  return { task, scope, changes: task.access === "write" ? changes : new Map(), declared };
}

function expand(entries: string[], paths: string[]): Map<string, Symbols> {
  const found = new Map<string, Symbols>();
  const add = (path: string, symbol: string | undefined): void => {
    const known = found.get(path);
    if (symbol === undefined || (found.has(path) && known === undefined)) found.set(path, undefined);
    else found.set(path, new Set([...(known ?? []), symbol]));
  };
  for (const entry of entries) {
    const { kind, path, symbol } = parseScope(entry);
    if (kind === "file") add(path, symbol);
    else for (const below of pathsBelow(path, paths)) add(below, symbol);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All sorted paths below a folder, found by bisection; `""` is the whole repository. */
function pathsBelow(folder: string, paths: string[]): string[] {
  if (folder === "") return paths;
  const prefix = `${folder}/`;
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (paths[end]?.startsWith(prefix)) end += 1;
  return paths.slice(low, end);
}

/** `Parser.parse` is a matter of `Parser` for whoever uses it. */
export function outerSymbol(symbol: string): string {
  const dot = symbol.indexOf(".");
  return dot <= 0 ? symbol : symbol.slice(0, dot);
}
