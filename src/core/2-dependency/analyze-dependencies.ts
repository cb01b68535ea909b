/** Phase 2 — what each task waits for, which tasks must never run side by side, and the longest chain; every edge says why. */
import type { DependencyGraph, Edge, SameFile } from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { TaskList } from "../model/task-list.ts";
import { criticalPath } from "./critical-path.ts";
import { findCycle } from "./find-cycle.ts";
import { scopeOverlaps } from "./scope-overlaps.ts";
import { taskGraph } from "./task-graph.ts";

/** With `sameFile` "optimistic", overlapping scopes are noted but do not keep tasks apart: the merge decides. */
export function analyzeDependencies(list: TaskList, sameFile: SameFile): Result<DependencyGraph> {
  const graph = taskGraph(list.tasks);
  const cycle = findCycle(graph);
  if (cycle !== undefined) return err(cycleFailure(cycle));
  const scope = scopeEdges(list.tasks, sameFile);
  const excluded = declaredConflicts(list.tasks);
  const hard = [...(sameFile === "sequential" ? scope : []), ...excluded];
  const path = criticalPath(graph);
  return ok({
    tasks: Object.fromEntries(list.tasks.map((task) => [task.id, inListOrder(task.depends_on, list.tasks)])),
    conflicts: uniquePairs(hard),
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
    task.depends_on.map((from) => {
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

function declaredConflicts(tasks: Task[]): Edge[] {
  return tasks.flatMap((task) =>
    task.conflicts_with.map((other) => {
      const why = `${task.id} declares conflicts_with ${other}`;
      return { from: task.id, to: other, kind: "conflict" as const, confidence: 1, why };
    }),
  );
}

function locksOf(tasks: Task[]): Record<string, string[]> {
  const names = [...new Set(tasks.flatMap((task) => task.locks))].sort();
  return Object.fromEntries(
    names.map((name) => [name, tasks.filter((task) => task.locks.includes(name)).map((task) => task.id)]),
  );
}

/** Pairs sorted inside and among themselves, each once. */
function uniquePairs(edges: Edge[]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const { from, to } of edges) {
    const pair: [string, string] = from < to ? [from, to] : [to, from];
    pairs.set(pair.join(" "), pair);
  }
  return [...pairs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

function inListOrder(ids: string[], tasks: Task[]): string[] {
  const wanted = new Set(ids);
  return tasks.map((task) => task.id).filter((id) => wanted.has(id));
}
