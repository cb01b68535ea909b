/** Phase 3.1 — "group tasks at same level into batches": level by level, the longest tasks of a level together. */
import type { Task } from "../model/task.ts";
import { type BatchRules, fillBatch, isReady } from "./fill-batch.ts";

export function groupByLevel(tasks: Task[], rules: BatchRules): Task[][] {
  const placed = new Set<string>();
  const batches: Task[][] = [];
  let waiting = tasks;
  while (waiting.length > 0) {
    let level = waiting.filter((task) => isReady(task, placed, rules)).sort((a, b) => b.estimated_ms - a.estimated_ms);
    do {
      const batch = fillBatch(level, placed, rules);
      for (const task of batch) placed.add(task.id);
      level = level.filter((task) => !placed.has(task.id));
      batches.push(batch);
    } while (level.length > 0);
    waiting = waiting.filter((task) => !placed.has(task.id));
  }
  return batches;
}
