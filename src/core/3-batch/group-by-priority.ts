/** Phase 3.2 — batches filled one after the other from all tasks that are ready, the one with the longest chain behind it first. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import { type BatchRules, fillBatch } from "./fill-batch.ts";
import { sortByPriority } from "./sort-by-priority.ts";

export function groupByPriority(tasks: Task[], graph: DependencyGraph, rules: BatchRules): Task[][] {
  const placed = new Set<string>();
  const batches: Task[][] = [];
  let waiting = sortByPriority(tasks, graph);
  while (waiting.length > 0) {
    const batch = fillBatch(waiting, placed, rules);
    for (const task of batch) placed.add(task.id);
    waiting = waiting.filter((task) => !placed.has(task.id));
    batches.push(batch);
  }
  return batches;
}
