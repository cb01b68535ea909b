/** Phase 2 — what each task waits for, which tasks must never run side by side, and the longest chain; every edge says why. */
import {
  DEFAULT_ORDERING,
  type DependencyGraph,
  type Edge,
  type OrderingKind,
  type SameFile,
} from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { Suggestion, TaskList } from "../model/task-list.ts";
import { criticalPath } from "./critical-path.ts";
import { type Evidence, NO_EVIDENCE } from "./evidence.ts";
import { findCycle } from "./find-cycle.ts";
import { orderTasks } from "./order-tasks.ts";
import { type ScopeOverlap, scopeOverlaps } from "./scope-overlaps.ts";
import { suggest } from "./suggest.ts";
import { taskGraph } from "./task-graph.ts";

export interface AnalysisOptions {
  /** what the code says; without it only what the tasks declare counts */
  evidence?: Evidence;
  /** which kinds of evidence make tasks wait; `declared` always does */
  ordering?: readonly OrderingKind[];
}

/** With `sameFile` "optimistic", overlapping scopes are noted but do not keep tasks apart, unless they name the same symbol: the merge decides. */
export function analyzeDependencies(
  list: TaskList,
  sameFile: SameFile,
  { evidence = NO_EVIDENCE, ordering = DEFAULT_ORDERING }: AnalysisOptions = {},
): Result<DependencyGraph> {
  const { tasks } = list;
  const cycle = findCycle(taskGraph(tasks));
  if (cycle !== undefined) return err(cycleFailure(cycle));
  const overlaps = scopeOverlaps(tasks);
  const scope = overlaps.map((overlap) => scopeEdge(overlap, sameFile));
  const hard = scope.filter((_, index) => sameFile === "sequential" || overlaps[index]?.symbols === "same");
  const excluded = declaredConflicts(tasks);
  const { edges, cycles, apart } = orderTasks(tasks, evidence.edges, ordering);
  const graph = taskGraph(tasks, edges);
  const path = criticalPath(graph);
  const needs = tasks.map((task) => [task.id, inListOrder(graph.inNeighbors(task.id), tasks)] as const);
  return ok({
    tasks: Object.fromEntries(needs),
    conflicts: uniquePairs([...[...hard, ...excluded].map(({ from, to }): [string, string] => [from, to]), ...apart]),
    locks: locksOf(tasks),
    independent_tasks: needs.filter(([, needed]) => needed.length === 0).map(([id]) => id),
    critical_path: path.tasks,
    critical_path_ms: path.ms,
    edges: [...declaredEdges(tasks), ...scope, ...excluded, ...edges],
    coverage: evidence.coverage,
    ...(cycles.length === 0 ? {} : { cycles }),
    ...suggestionsOf([...suggest(tasks, cycles, sameFile), ...evidence.suggestions]),
    ...(evidence.unread.length === 0 ? {} : { unread: evidence.unread }),
  });
}

function suggestionsOf(suggestions: Suggestion[]): { suggestions?: Suggestion[] } {
  return suggestions.length === 0 ? {} : { suggestions };
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

function scopeEdge({ first, second, why, symbols }: ScopeOverlap, sameFile: SameFile): Edge {
  const edge = { from: first, to: second, kind: "scope" as const, confidence: 1, why };
  if (sameFile === "sequential" || symbols === "same") return edge;
  const soft = symbols === "different" ? { ...edge, confidence: DIFFERENT_SYMBOLS } : edge;
  return { ...soft, why: `${why}; may run side by side, the merge decides` };
}

/** Changes to different symbols of one file mostly merge. */
const DIFFERENT_SYMBOLS = 0.5;

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
function uniquePairs(found: [string, string][]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const [from, to] of found) {
    const pair: [string, string] = from < to ? [from, to] : [to, from];
    pairs.set(pair.join(" "), pair);
  }
  return [...pairs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

function inListOrder(ids: string[], tasks: Task[]): string[] {
  const wanted = new Set(ids);
  return tasks.map((task) => task.id).filter((id) => wanted.has(id));
}
