/** Phase 2 — what each task waits for, which tasks must never run side by side, and the longest chain; every edge says why. */

import { type ScopeOverlap, scopeOverlaps } from "../boundary/scope-overlaps.ts";
import {
  DEFAULT_ORDERING,
  type DependencyGraph,
  type Edge,
  type InferredCycle,
  type OrderingKind,
  type SameFile,
  type UnreadFile,
} from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { Suggestion, TaskList } from "../model/task-list.ts";
import { criticalPath } from "./critical-path.ts";
import { type Evidence, NO_EVIDENCE } from "./evidence.ts";
import { findCycle } from "./find-cycle.ts";
import { type Order, orderTasks } from "./order-tasks.ts";
import { suggest } from "./suggest.ts";
import { idOf, nodeOf, type TaskGraph, taskGraph, topologicalRanks } from "./task-graph.ts";

export interface AnalysisOptions {
  /** what the code says; without it only what the tasks declare counts */
  evidence?: Evidence;
  /** which kinds of evidence make tasks wait; `declared` always does */
  ordering?: readonly OrderingKind[];
}

/** With `sameFile` "optimistic", overlapping scopes are noted but keep no tasks apart that name different symbols or none: the merge decides. */
export function analyzeDependencies(
  list: TaskList,
  sameFile: SameFile,
  { evidence = NO_EVIDENCE, ordering = DEFAULT_ORDERING }: AnalysisOptions = {},
): Result<DependencyGraph> {
  const { tasks } = list;
  const cycle = findCycle(taskGraph(tasks));
  if (cycle !== undefined) return err(cycleFailure(cycle));
  const inferred = orderTasks(tasks, evidence.edges, ordering);
  const graph = taskGraph(tasks, inferred.edges);
  const places = placesOf(tasks, graph);
  const overlaps = scopeOverlaps(tasks);
  const scope = overlaps.map((overlap) => directed(scopeEdge(overlap, sameFile), places));
  const hard = scope.filter((_, index) => sameFile === "sequential" || overlaps[index]?.symbols === "same");
  const excluded = declaredConflicts(tasks).map((edge) => directed(edge, places));
  const needs = tasks.map((task) => [task.id, needsOf(task, graph, tasks)] as const);
  const path = criticalPath(graph);
  return ok({
    tasks: Object.fromEntries(needs),
    conflicts: uniquePairs([...hard, ...excluded, ...inferred.apart], tasks),
    locks: locksOf(tasks),
    independent_tasks: needs.filter(([, needed]) => needed.length === 0).map(([id]) => id),
    critical_path: path.tasks,
    critical_path_ms: path.ms,
    edges: [...declaredEdges(tasks), ...scope, ...excluded, ...inferred.edges],
    coverage: evidence.coverage,
    ...extras(suggestionsFor(tasks, { inferred, evidence, sameFile }), inferred.cycles, evidence.unread),
  });
}

function suggestionsFor(
  tasks: Task[],
  { inferred, evidence, sameFile }: { inferred: Order; evidence: Evidence; sameFile: SameFile },
): Suggestion[] {
  return [...suggest(tasks, inferred.cycles, sameFile), ...evidence.suggestions];
}

const MOST_UNREAD = 50;

/** Optional parts of the graph, left out where they would be empty. */
function extras(suggestions: Suggestion[], cycles: InferredCycle[], unread: UnreadFile[]): Partial<DependencyGraph> {
  return {
    ...(cycles.length === 0 ? {} : { cycles }),
    ...(suggestions.length === 0 ? {} : { suggestions }),
    ...(unread.length === 0 ? {} : { unread: unread.slice(0, MOST_UNREAD) }),
    ...(unread.length <= MOST_UNREAD ? {} : { unread_more: unread.length - MOST_UNREAD }),
  };
}

function needsOf(task: Task, graph: TaskGraph, tasks: Task[]): string[] {
  return inListOrder(graph.inNeighbors(nodeOf(task.id)).map(idOf), tasks);
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

function scopeEdge({ first, second, why, symbols }: ScopeOverlap, sameFile: SameFile): Edge {
  const edge = { from: first, to: second, kind: "scope" as const, confidence: 1, why };
  if (sameFile === "sequential" || symbols === "same") return edge;
  const soft = symbols === "different" ? { ...edge, confidence: DIFFERENT_SYMBOLS } : edge;
  return { ...soft, why: `${why}; may run side by side, the merge decides` };
}

/** Changes to different symbols of one file mostly merge. */
const DIFFERENT_SYMBOLS = 0.5;

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
function uniquePairs(edges: Pick<Edge, "from" | "to">[], tasks: Task[]): [string, string][] {
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
