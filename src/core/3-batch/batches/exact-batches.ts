/** Phase 3.3 — "create optimal parallel batches": for few tasks the best batches there are, with the proof (dynamic programming over what is done). */
import type { Problem } from "../problem/problem.ts";
import type { SearchBudget } from "../search-budget.ts";
import { BatchBound } from "./batch-bound.ts";
import { NextBatches, taskBits } from "./next-batches.ts";
import { type Partition, timeOf } from "./partition.ts";

/** More tasks than this are searched, not weighed one by one. */
export const MOST_EXACT = 20;

export interface ExactSearch {
  table: Uint8Array;
  price: number;
  /** the partition to beat */
  incumbent: Partition;
  budget: SearchBudget;
}

/** The incumbent or something better; `proven` when nothing better than it exists. */
export function exactBatches(problem: Problem, search: ExactSearch): { partition: Partition; proven: boolean } {
  return new ExactBatches(problem, search).run();
}

/** A state is the set of tasks that are done, as bits, the longest task the lowest; whatever is done later makes a larger number. */
class ExactBatches {
  readonly #problem: Problem;
  readonly #search: ExactSearch;
  readonly #bound: BatchBound;
  readonly #next: NextBatches;
  /** state → least cost of getting there, and the state before */
  readonly #cost: Float64Array;
  readonly #from: Int32Array;
  readonly #all: number;
  #limit: number;

  constructor(problem: Problem, search: ExactSearch) {
    this.#problem = problem;
    this.#search = search;
    this.#bound = new BatchBound(problem, search.price);
    this.#next = new NextBatches(problem, taskBits(problem, search.table, this.#bound.longestFirst));
    this.#all = 2 ** problem.size - 1;
    this.#cost = new Float64Array(this.#all + 1).fill(Infinity);
    this.#from = new Int32Array(this.#all + 1);
    this.#limit = timeOf(problem, search.incumbent, search.price);
  }

  run(): { partition: Partition; proven: boolean } {
    this.#cost[0] = 0;
    const steps = this.#problem.size + this.#bound.steps;
    for (let done = 0; done < this.#all; done++) {
      if (this.#cost[done] === Infinity) continue;
      const isLeft = this.#search.budget.spend(steps) && (!this.#isPromising(done) || this.#expand(done));
      if (!isLeft) return { partition: this.#best(), proven: false };
    }
    return { partition: this.#best(), proven: true };
  }

  #isPromising(done: number): boolean {
    const left = this.#tasksOf(this.#all & ~done);
    return (this.#cost[done] ?? 0) + this.#bound.of(left) < this.#limit;
  }

  /** Reaches every state that one batch more leads to; false when the budget is used up. */
  #expand(done: number): boolean {
    const { budget, price } = this.#search;
    const { duration } = this.#problem;
    const spend = (steps: number): boolean => budget.spend(steps);
    const emit = (batch: number): void => {
      const longest = this.#bound.longestFirst[31 - Math.clz32(batch & -batch)] ?? 0;
      const cost = (this.#cost[done] ?? 0) + (duration[longest] ?? 0) + price;
      const state = done | batch;
      if (cost >= (this.#cost[state] ?? 0) || cost >= this.#limit) return;
      this.#cost[state] = cost;
      this.#from[state] = done;
      if (state === this.#all) this.#limit = cost;
    };
    return this.#next.after(done, { spend, emit });
  }

  #tasksOf(bits: number): number[] {
    const tasks: number[] = [];
    for (let left = bits; left !== 0; left &= left - 1) {
      tasks.push(this.#bound.longestFirst[31 - Math.clz32(left & -left)] ?? 0);
    }
    return tasks;
  }

  #best(): Partition {
    if (this.#cost[this.#all] === Infinity) return this.#search.incumbent;
    const batches: number[][] = [];
    for (let state = this.#all; state !== 0; state = this.#from[state] ?? 0) {
      batches.unshift(this.#tasksOf(state & ~(this.#from[state] ?? 0)).sort((a, b) => a - b));
    }
    return batches;
  }
}
