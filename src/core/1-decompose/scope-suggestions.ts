/** Phase 1 — what looks odd about a scope but may be meant: a path that is nowhere, two tasks on the same place; with what to send instead. */
import { ancestorsOf, parseScope } from "../boundary/scope.ts";
import { scopeOverlaps } from "../boundary/scope-overlaps.ts";
import { splitSymbol } from "../model/scope-pattern.ts";
import { steeringEntries } from "../model/steering.ts";
import type { Task } from "../model/task.ts";
import type { Suggestion } from "../model/task-list.ts";
import { closestPaths, folded, indexPaths, type PathIndex } from "./closest-paths.ts";

const MOST = 10;

export function scopeSuggestions(tasks: Task[], baseFiles: Map<string, unknown>): Suggestion[] {
  const places = [...unknownPlaces(tasks, [...baseFiles.keys()]), ...sharedPlaces(tasks)];
  return [...places, ...alikePlaces(tasks), ...steeringPlaces(tasks)];
}

/** Two names that are one file on a disk that ignores case: git can hold both, a checkout on macOS or Windows cannot. */
function alikePlaces(tasks: Task[]): Suggestion[] {
  const first = new Map<string, { id: string; path: string }>();
  const found: Suggestion[] = [];
  for (const { id, files } of tasks) {
    for (const entry of files) {
      const { path } = parseScope(entry);
      const known = first.get(folded(path));
      if (known === undefined) first.set(folded(path), { id, path });
      else if (known.path !== path) {
        const message = `task ${id}: ${path} and ${known.path} of task ${known.id} differ only in case: on macOS and Windows they are one file`;
        found.push({ message });
      }
    }
  }
  return found.slice(0, MOST);
}

/** Suggestions to look at files before they are changed that run something or steer others. */
function steeringPlaces(tasks: Task[]): Suggestion[] {
  const writing = tasks.filter((task) => task.access === "write");
  return writing
    .flatMap((task) => steeringEntries(task.files).map(({ path, what }) => ({ task, path, what })))
    .slice(0, MOST)
    .map(({ task, path, what }) => ({
      message: `task ${task.id} changes ${path}, which is ${what}: right if it is meant; whoever runs it later runs what the task writes`,
    }));
}

interface Known {
  paths: Set<string>;
  near: PathIndex;
}

/** New files are fine where their folder is known, or where the task creates; a near miss is worth a question everywhere. */
function unknownPlaces(tasks: Task[], files: string[]): Suggestion[] {
  if (files.length === 0) return [];
  const folders = [...new Set(files.flatMap(ancestorsOf))].filter((folder) => folder !== "");
  const known = { file: knownOf(files), tree: knownOf(folders) };
  const found: Suggestion[] = [];
  for (const task of tasks) {
    for (const entry of task.files) {
      if (found.length === MOST) return found;
      found.push(...unknownPlace(task, entry, known));
    }
  }
  return found;
}

function knownOf(paths: string[]): Known {
  return { paths: new Set(paths), near: indexPaths(paths) };
}

function unknownPlace(task: Task, entry: string, known: { file: Known; tree: Known }): Suggestion[] {
  const { kind, path } = parseScope(entry);
  if (path === "" || known[kind].paths.has(path)) return [];
  const near = closestPaths(path, known[kind].near);
  if (near.length > 0) return [didYouMean(task, entry, near)];
  const folder = ancestorsOf(path).at(-1) ?? "";
  const orphan = kind === "tree" || !(folder === "" || known.tree.paths.has(folder));
  if (!orphan || task.category === "creation") return [];
  const what = kind === "tree" ? "folder" : "file or folder";
  const message = `task ${task.id}: ${entry} names no existing ${what}: right if the task is to create it`;
  return [{ message }];
}

function didYouMean(task: Task, entry: string, near: string[]): Suggestion {
  const { kind } = parseScope(entry);
  const symbol = splitSymbol(entry)[1];
  const entries = near.map(
    (path) => `${path}${kind === "tree" ? "/**" : ""}${symbol === undefined ? "" : `#${symbol}`}`,
  );
  const only = near.some((path) => folded(path) === folded(parseScope(entry).path)) ? " (it differs only in case)" : "";
  const message = `task ${task.id}: ${entry} names no existing ${kind === "tree" ? "folder" : "file"}: did you mean ${entries.join(" or ")}?${only}`;
  const files = task.files.map((own) => (own === entry ? (entries[0] ?? own) : own));
  return { message, apply: { task_id: task.id, files } };
}

/** Two tasks that could run side by side if one of them owned what they share. */
function sharedPlaces(tasks: Task[]): Suggestion[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return scopeOverlaps(tasks)
    .filter(({ first, second }) => !linked(byId.get(first), byId.get(second)))
    .slice(0, MOST)
    .map(({ first, second, why }) => ({
      message: `tasks ${first} and ${second} share a place (${why}), so they never run side by side: let one of them own it, or say with depends_on which goes first`,
      apply: { task_id: second, depends_on: [...(byId.get(second)?.depends_on ?? []), first] },
    }));
}

function linked(one: Task | undefined, other: Task | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return one.depends_on.includes(other.id) || other.depends_on.includes(one.id);
}
