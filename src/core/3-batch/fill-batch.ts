/** Phase 3.2 and 3.3 — one batch: dependencies in earlier batches, at most `maxParallel` wide, nothing conflicting side by side. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

export interface BatchRules {
  /** task id → ids it needs */
  needs: Record<string, string[]>;
  /** task id → its row and column in `rivals` */
  rows: Map<string, number>;
  /** a table with 1 where two tasks must not run side by side: a thousand tasks can be half a million pairs */
  rivals: Uint8Array;
  maxParallel: number;
}

export function batchRules(tasks: Task[], graph: DependencyGraph, maxParallel: number): BatchRules {
  const rows = new Map(tasks.map((task, row) => [task.id, row]));
  const rivals = new Uint8Array(rows.size ** 2);
  for (const [a, b] of graph.conflicts) {
    const [one, other] = [rows.get(a) ?? 0, rows.get(b) ?? 0];
    rivals[one * rows.size + other] = 1;
    rivals[other * rows.size + one] = 1;
  }
  return { needs: graph.tasks, rows, rivals, maxParallel };
}

export function isReady(task: Task, placed: Set<string>, rules: BatchRules): boolean {
  return (rules.needs[task.id] ?? []).every((id) => placed.has(id));
}

/**
 * As many of `candidates`, in their order, as fit together. Throws when none does: phase 2 refuses cycles and the schemas a
 * width below 1, so that is a bug.
 */
export function fillBatch(candidates: Task[], placed: Set<string>, rules: BatchRules): Task[] {
  const batch: Task[] = [];
  const taken: number[] = [];
  const locks = new Set<string>();
  for (const task of candidates) {
    if (batch.length >= rules.maxParallel) break;
    const row = rules.rows.get(task.id) ?? 0;
    const clashes = taken.some((other) => rules.rivals[other * rules.rows.size + row] === 1);
    if (clashes || task.locks.some((lock) => locks.has(lock)) || !isReady(task, placed, rules)) continue;
    batch.push(task);
    taken.push(row);
    for (const lock of task.locks) locks.add(lock);
  }
  if (batch.length === 0) throw new Error(`no task can be placed of ${candidates.map((task) => task.id).join(", ")}`);
  return batch;
}
