/** Phase 3.3 — "create optimal parallel batches": searches take turns, each round twice as long as the one before; more budget never gives a worse plan. */
import type { Keeps } from "../problem/priorities.ts";
import type { Problem } from "../problem/problem.ts";
import type { SearchBudget } from "../search-budget.ts";
import { ANNEALING_STEP, Annealer } from "./anneal-batches.ts";
import { type Partition, timeOf } from "./partition.ts";
import { isColouring, Relocator } from "./relocate-tasks.ts";

/** Steps of the first cooling for each task. */
const SHORTEST_ROUND = 50;

export interface BatchSearch {
  partition: Partition;
  table: Uint8Array;
  /** what a batch costs besides its longest task */
  price: number;
  /** it is over when a plan costs no more than this */
  bound: number;
  /** whether batches may be the plan; `partition` may */
  keeps: Keeps;
  budget: SearchBudget;
}

/** The best batches found; `partition` where nothing is better. */
export function searchBatches(problem: Problem, { partition, budget, ...search }: BatchSearch): Partition {
  const annealer = new Annealer(problem, search);
  const relocator = isColouring(problem) ? new Relocator(problem, search) : undefined;
  let best = partition;
  for (let length = SHORTEST_ROUND * problem.size; isOpen(problem, best, { budget, ...search }); length *= 2) {
    if (relocator !== undefined) best = relocator.round(best, length * ANNEALING_STEP, budget);
    best = annealer.round(best, length, budget);
  }
  return best;
}

function isOpen(problem: Problem, best: Partition, { price, bound, budget }: Omit<BatchSearch, "partition" | "table">) {
  return timeOf(problem, best, price) > bound && !budget.isSpent && budget.spend(1);
}
