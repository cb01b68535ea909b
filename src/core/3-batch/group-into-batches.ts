/** Phase 3.2 and 3.3 — batches of tasks whose dependencies are in earlier batches, at most `maxParallel` wide, nothing conflicting side by side. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import { sortByPriority } from "./sort-by-priority.ts";

/** Fills one batch after the other from the tasks that are ready, the one with the longest chain behind it first. */
export function groupIntoBatches(tasks: Task[], graph: DependencyGraph, maxParallel: number): Task[][] {
  const conflicts = conflictMap(graph);
  const placed = new Set<string>();
  let waiting = sortByPriority(tasks, graph);
  const batches: Task[][] = [];
  while (waiting.length > 0) {
    const batch = nextBatch(waiting, graph, { placed, conflicts, maxParallel });
    for (const task of batch) placed.add(task.id);
    waiting = waiting.filter((task) => !placed.has(task.id));
    batches.push(batch);
  }
  return batches.map((batch) => inListOrder(batch, tasks));
}

interface Constraints {
  placed: Set<string>;
  conflicts: Map<string, Set<string>>;
  maxParallel: number;
}

function nextBatch(waiting: Task[], graph: DependencyGraph, constraints: Constraints): Task[] {
  const batch: Task[] = [];
  const locks = new Set<string>();
  for (const task of waiting) {
    if (batch.length === constraints.maxParallel) break;
    const ready = (graph.tasks[task.id] ?? []).every((id) => constraints.placed.has(id));
    const rivals = constraints.conflicts.get(task.id);
    const clashes = batch.some((other) => rivals?.has(other.id)) || task.locks.some((lock) => locks.has(lock));
    if (!ready || clashes) continue;
    batch.push(task);
    for (const lock of task.locks) locks.add(lock);
  }
  return batch;
}

function conflictMap(graph: DependencyGraph): Map<string, Set<string>> {
  const map = new Map<string, Set<string>>();
  for (const [a, b] of graph.conflicts) {
    map.set(a, (map.get(a) ?? new Set()).add(b));
    map.set(b, (map.get(b) ?? new Set()).add(a));
  }
  return map;
}

function inListOrder(batch: Task[], tasks: Task[]): Task[] {
  const chosen = new Set(batch);
  return tasks.filter((task) => chosen.has(task));
}
