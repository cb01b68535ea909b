/** Phase 3, batches — the shortest or fewest batches found; never worse than the specification's literal levels. */
import type { PlanObjective } from "../model/execution-plan.ts";
import { greedyBatches } from "./batches/greedy-batches.ts";
import { levelBatches } from "./batches/level-batches.ts";
import { type Partition, timeOf } from "./batches/partition.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import { SYNC_OVERHEAD_MS } from "./sync-overhead.ts";

export function planPartition(problem: Problem, objective: PlanObjective): Partition {
  const candidates = [greedyBatches(problem, criticalPathRank(problem)), levelBatches(problem)];
  const cost = (partition: Partition): number => timeOf(problem, partition, SYNC_OVERHEAD_MS);
  const isBetter = (one: Partition, other: Partition): boolean =>
    objective === "batches" && one.length !== other.length ? one.length < other.length : cost(one) < cost(other);
  return candidates.reduce((best, candidate) => (isBetter(candidate, best) ? candidate : best));
}
