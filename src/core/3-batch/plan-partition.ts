/** Phase 3, batches — the shortest or fewest batches found; never worse than the specification's literal levels. */
import { annealBatches } from "./batches/anneal-batches.ts";
import { conflictTable, MOST_TABLED } from "./batches/conflict-table.ts";
import { greedyBatches } from "./batches/greedy-batches.ts";
import { levelBatches } from "./batches/level-batches.ts";
import { type Partition, timeOf } from "./batches/partition.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import type { SearchBudget } from "./search-budget.ts";

export interface PartitionSearch {
  /** what a batch costs besides its longest task: the sync overhead, or more than all work where the fewest are wanted */
  price: number;
  /** no partition costs less */
  bound: number;
  budget: SearchBudget;
}

export function planPartition(problem: Problem, { price, bound, budget }: PartitionSearch): Partition {
  const candidates = [greedyBatches(problem, criticalPathRank(problem)), levelBatches(problem)];
  const cost = (partition: Partition): number => timeOf(problem, partition, price);
  const partition = candidates.reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
  if (problem.size > MOST_TABLED) return partition;
  return annealBatches(problem, { partition, table: conflictTable(problem), price, bound, budget });
}
