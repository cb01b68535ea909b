/** Phase 3.2 — batches filled one after the other from all tasks that are ready, first in rank first: list scheduling where every task takes one step. */
import type { Problem } from "../problem/problem.ts";
import { listSchedule } from "../streaming/list-schedule.ts";
import { type Partition, partitionOf } from "./partition.ts";

export function greedyBatches(problem: Problem, rank: Float64Array): Partition {
  const steps = new Float64Array(problem.size).fill(1);
  const now = new Float64Array(problem.size);
  return partitionOf(listSchedule({ ...problem, release: now, running: new Uint8Array(problem.size) }, rank, steps));
}
