/** Phase 2 — what each task waits for, which tasks must never run side by side, and the longest chain; every edge says why. */
import type { DependencyGraph, Edge, SameFile } from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { TaskList } from "../model/task-list.ts";
import { criticalPath } from "./critical-path.ts";
import { findCycle } from "./find-cycle.ts";
import { scopeOverlaps } from "./scope-overlaps.ts";
import { type TaskGraph, taskGraph, topologicalRanks } from "./task-graph.ts";

/** With `sameFile` "optimistic", overlapping scopes are noted but do not keep tasks apart: the merge decides. */
export function analyzeDependencies(list: TaskList, sameFile: SameFile): Result<DependencyGraph> {
  const graph = taskGraph(list.tasks);
  const cycle = findCycle(graph);
  if (cycle !== undefined) return err(cycleFailure(cycle));
  const places = placesOf(list.tasks, graph);
  const scope = scopeEdges(list.tasks, sameFile).map((edge) => directed(edge, places));
  const excluded = declaredConflicts(list.tasks).map((edge) => directed(edge, places));
  const hard = [...(sameFile === "sequential" ? scope : []), ...excluded];
  const path = criticalPath(graph);
  return ok({
    tasks: Object.fromEntries(list.tasks.map((task) => [task.id, inListOrder(task.depends_on, list.tasks)])),
    conflicts: uniquePairs(hard, list.tasks),
    locks: locksOf(list.tasks),
    independent_tasks: list.tasks.filter((task) => task.depends_on.length === 0).map((task) => task.id),
    critical_path: path.tasks,
    critical_path_ms: path.ms,
    edges: [...declaredEdges(list.tasks), ...scope, ...excluded],
    coverage: { "*": "file" },
  });
}

function cycleFailure(cycle: string[]): Failure {
  const shown = [...cycle, cycle[0]].join(" → ");
  return failure(
    "cycle",
    `depends_on: the tasks wait for each other in a circle: ${shown}`,
    `remove one depends_on of the circle, for example ${cycle[0]}'s on ${cycle.at(-1)}, or make these tasks one`,
  );
}

function declaredEdges(tasks: Task[]): Edge[] {
  return tasks.flatMap((task) =>
    inListOrder(task.depends_on, tasks).map((from) => {
      const why = `${task.id} declares depends_on ${from}`;
      return { from, to: task.id, kind: "declared" as const, confidence: 1, why };
    }),
  );
}

function scopeEdges(tasks: Task[], sameFile: SameFile): Edge[] {
  const rule = sameFile === "optimistic" ? "; may run side by side, the merge decides" : "";
  return scopeOverlaps(tasks).map(({ first, second, why }) => {
    return { from: first, to: second, kind: "scope" as const, confidence: 1, why: `${why}${rule}` };
  });
}

/** Each pair once, also when both tasks declare it. */
function declaredConflicts(tasks: Task[]): Edge[] {
  const edges = new Map<string, Edge>();
  for (const task of tasks) {
    for (const other of inListOrder(task.conflicts_with, tasks)) {
      if (edges.has(`${other} ${task.id}`)) continue;
      const why = `${task.id} declares conflicts_with ${other}`;
      edges.set(`${task.id} ${other}`, { from: task.id, to: other, kind: "conflict", confidence: 1, why });
    }
  }
  return [...edges.values()];
}

/** task id → place in the order of dependency levels, and of the task list within a level. */
function placesOf(tasks: Task[], graph: TaskGraph): Map<string, number> {
  const ranks = topologicalRanks(graph);
  return new Map(tasks.map((task, index) => [task.id, (ranks.get(task.id) ?? 0) * tasks.length + index]));
}

/** Turned so that no edge runs against the dependencies, whatever the order of the task list. */
function directed(edge: Edge, places: Map<string, number>): Edge {
  const backwards = (places.get(edge.from) ?? 0) > (places.get(edge.to) ?? 0);
  return backwards ? { ...edge, from: edge.to, to: edge.from } : edge;
}

function locksOf(tasks: Task[]): Record<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const task of tasks) {
    for (const lock of new Set(task.locks)) {
      const ids = holders.get(lock);
      if (ids === undefined) holders.set(lock, [task.id]);
      else ids.push(task.id);
    }
  }
  return Object.fromEntries([...holders].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Pairs sorted inside and among themselves, each once; as numbers, since a thousand tasks can make half a million of them. */
function uniquePairs(edges: Edge[], tasks: Task[]): [string, string][] {
  const ids = tasks.map((task) => task.id).sort();
  const ranks = new Map(ids.map((id, rank) => [id, rank]));
  const keys = new Set<number>();
  for (const { from, to } of edges) {
    const [a, b] = [ranks.get(from) ?? 0, ranks.get(to) ?? 0];
    keys.add(Math.min(a, b) * ids.length + Math.max(a, b));
  }
  const sorted = Float64Array.from(keys).sort();
  return Array.from(sorted, (key) => [ids[Math.floor(key / ids.length)] ?? "", ids[key % ids.length] ?? ""]);
}

/** Each id once. */
function inListOrder(ids: string[], tasks: Task[]): string[] {
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  return tasks.map((task) => task.id).filter((id) => wanted.has(id));
}
