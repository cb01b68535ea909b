/** Phase 3.2 and 3.3 — the batches: packed across levels by priority, or level by level where that is shorter. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import { batchRules } from "./fill-batch.ts";
import { groupByLevel } from "./group-by-level.ts";
import { groupByPriority } from "./group-by-priority.ts";

/** What a sync point costs besides the work: merging and fresh workspaces, per batch. */
export const SYNC_OVERHEAD_MS = 2_000;

/** The shorter of both groupings; tasks inside a batch are in the order of the task list. */
export function groupIntoBatches(tasks: Task[], graph: DependencyGraph, maxParallel: number): Task[][] {
  const rules = batchRules(tasks, graph, maxParallel);
  const [packed, levels] = [groupByPriority(tasks, graph, rules), groupByLevel(tasks, rules)];
  const shorter = totalTime(levels) < totalTime(packed) ? levels : packed;
  const place = new Map(tasks.map((task, index) => [task, index]));
  return shorter.map((batch) => batch.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
}

export function longest(tasks: Task[]): number {
  return Math.max(...tasks.map((task) => task.estimated_ms));
}

/** Milliseconds of all batches and their sync points. */
export function totalTime(batches: Task[][]): number {
  return batches.reduce((sum, batch) => sum + longest(batch) + SYNC_OVERHEAD_MS, 0);
}
