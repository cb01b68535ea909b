/** Phase 3, batches — the shortest or fewest batches found; never worse than the specification's literal levels. */
import type { PlanObjective } from "../model/execution-plan.ts";
import { greedyBatches } from "./batches/greedy-batches.ts";
import { keepBatches } from "./batches/keep-batches.ts";
import { levelBatches } from "./batches/level-batches.ts";
import { type Partition, timeOf } from "./batches/partition.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import { SYNC_OVERHEAD_MS } from "./sync-overhead.ts";

/** A new order must be this much faster to be worth a plan that people have seen already. */
const WORTH_A_CHANGE = 1.1;

export function planPartition(problem: Problem, objective: PlanObjective, previous: Partition | undefined): Partition {
  const candidates = [greedyBatches(problem, criticalPathRank(problem)), levelBatches(problem)];
  const cost = (partition: Partition): number => timeOf(problem, partition, SYNC_OVERHEAD_MS);
  const isBetter = (one: Partition, other: Partition): boolean =>
    objective === "batches" && one.length !== other.length ? one.length < other.length : cost(one) < cost(other);
  const best = candidates.reduce((chosen, candidate) => (isBetter(candidate, chosen) ? candidate : chosen));
  const stable = previous === undefined ? undefined : keepBatches(problem, previous);
  return stable !== undefined && cost(stable) <= cost(best) * WORTH_A_CHANGE ? stable : best;
}
