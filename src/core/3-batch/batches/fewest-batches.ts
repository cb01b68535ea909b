/** Phase 3.3 — "minimize total batches": the fewest there can be are the shortest stream of the same tasks when each takes one step. */
import { lowerBound } from "../certificate/lower-bound.ts";
import { planStream } from "../plan-stream.ts";
import { mutexGroups } from "../problem/mutex-groups.ts";
import type { Problem } from "../problem/problem.ts";
import type { SearchBudget } from "../search-budget.ts";
import { type Partition, partitionOf } from "./partition.ts";
import { isColouring } from "./relocate-tasks.ts";

/** How much of the budget goes into the stream; where batches are a colouring, its own search finds more. */
const STREAM_SHARE = 0.5;

/** The batches, and how many any partition has at least. */
export function fewestBatches(problem: Problem, budget: SearchBudget): { partition: Partition; least: number } {
  const { size } = problem;
  const steps: Problem = {
    ...problem,
    duration: new Float64Array(size).fill(1),
    release: new Float64Array(size),
    running: new Uint8Array(size),
  };
  const mutexes = mutexGroups(steps);
  const bound = lowerBound(steps, mutexes, budget);
  const share = budget.share(isColouring(problem) ? 0 : STREAM_SHARE);
  return { partition: partitionOf(planStream(steps, { bound, mutexes, budget: share })), least: bound.ms };
}
