/** Phase 3, batches — the shortest or the fewest batches: weighed one by one where there are few tasks, searched otherwise; never worse than literal levels. */
import type { PlanObjective } from "../model/execution-plan.ts";
import { BatchBound } from "./batches/batch-bound.ts";
import { conflictTable, MOST_TABLED, tableSteps } from "./batches/conflict-table.ts";
import { exactBatches, MOST_EXACT } from "./batches/exact-batches.ts";
import { fewestBatches } from "./batches/fewest-batches.ts";
import { greedyBatches } from "./batches/greedy-batches.ts";
import { keepBatches } from "./batches/keep-batches.ts";
import { levelBatches } from "./batches/level-batches.ts";
import { type Partition, placesOf, timeOf } from "./batches/partition.ts";
import { searchBatches } from "./batches/search-batches.ts";
import { hasPriorities, keepsPriorities } from "./problem/priorities.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import type { SearchBudget } from "./search-budget.ts";

/** Batches made without a search, those that are filled by priority first. */
export type Starts = readonly [Partition, ...Partition[]];

export interface PartitionSearch {
  /** what `startPartitions` gives for the problem, where it has been asked already */
  starts?: Starts;
  objective: PlanObjective;
  /** what a sync point costs, in milliseconds */
  sync: number;
  budget: SearchBudget;
  /** batches that people have seen already */
  previous?: Partition | undefined;
}

export interface PlannedPartition {
  partition: Partition;
  /** nothing better by its objective exists */
  optimal: boolean;
}

/** A new order must be this much faster to be worth a plan that people have seen already. */
const WORTH_A_CHANGE = 1.1;
/** How much of the budget few tasks are searched for before they are weighed one by one. */
const FEW_SHARE = 0.05;
/** The same where priorities differ: the best batches of all may not keep to them, and then those that were searched are the plan. */
const FEW_PRIORITISED_SHARE = 0.5;

/** No plan lets a task of higher priority come in a later batch than the first of these does. */
export function startPartitions(problem: Problem): Starts {
  return [greedyBatches(problem, criticalPathRank(problem)), levelBatches(problem)];
}

export function planPartition(problem: Problem, search: PartitionSearch): PlannedPartition {
  const best = search.objective === "time" ? shortest(problem, search) : fewest(problem, search);
  const stable = search.previous === undefined ? undefined : keepBatches(problem, search.previous);
  if (stable === undefined) return best;
  const cost = (partition: Partition): number => timeOf(problem, partition, search.sync);
  const isWorthIt = cost(stable) > cost(best.partition) * WORTH_A_CHANGE;
  if (isWorthIt) return best;
  const isFewest = search.objective === "time" || stable.length <= best.partition.length;
  return { partition: stable, optimal: best.optimal && isFewest && cost(stable) <= cost(best.partition) };
}

function shortest(problem: Problem, { starts, sync, budget }: PartitionSearch): PlannedPartition {
  return improved(problem, starts ?? startPartitions(problem), { price: sync, budget });
}

/** As few as can be, and of those the shortest found: a batch costs more than all the work. */
function fewest(problem: Problem, { starts, budget }: PartitionSearch): PlannedPartition {
  const price = problem.duration.reduce((sum, ms) => sum + ms, 1);
  const { partition, least } = fewestBatches(problem, budget);
  const found = improved(problem, [...(starts ?? startPartitions(problem)), partition], { price, budget });
  return { ...found, optimal: found.optimal || found.partition.length === least };
}

function cheapest(problem: Problem, partitions: readonly Partition[], price: number): Partition {
  const cost = (partition: Partition): number => timeOf(problem, partition, price);
  return partitions.reduce((best, other) => (cost(other) < cost(best) ? other : best));
}

function improved(
  problem: Problem,
  [filled, ...others]: Starts,
  { price, budget }: { price: number; budget: SearchBudget },
): PlannedPartition {
  const keeps = keepsPriorities(problem, placesOf(problem.size, filled));
  const isKept = (found: Partition): boolean => {
    const places = placesOf(problem.size, found);
    return keeps((task) => places[task] ?? 0);
  };
  const partition = cheapest(problem, [filled, ...others.filter(isKept)], price);
  const bound = new BatchBound(problem, price).of();
  const isBest = (found: Partition): boolean => timeOf(problem, found, price) <= bound;
  const isSearched = !isBest(partition) && problem.size <= MOST_TABLED && budget.spend(tableSteps(problem));
  if (!isSearched) return { partition, optimal: isBest(partition) };
  const table = conflictTable(problem);
  const isFew = problem.size <= MOST_EXACT;
  const searched = searchBatches(problem, {
    partition,
    table,
    price,
    bound,
    keeps,
    budget: budget.share(isFew ? (hasPriorities(problem) ? FEW_PRIORITISED_SHARE : FEW_SHARE) : 1),
  });
  if (!isFew || isBest(searched)) return { partition: searched, optimal: isBest(searched) };
  const { proven, ...exact } = exactBatches(problem, { table, price, incumbent: searched, budget });
  return isKept(exact.partition) ? { ...exact, optimal: proven } : { partition: searched, optimal: false };
}
