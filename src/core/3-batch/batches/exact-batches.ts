/** Phase 3.3 — "create optimal parallel batches": for few tasks the best batches there are, with the proof (A* over what is done). */
import type { Problem } from "../problem/problem.ts";
import { TaskHeap } from "../problem/task-heap.ts";
import type { SearchBudget } from "../search-budget.ts";
import { BatchBound } from "./batch-bound.ts";
import { type Partition, timeOf } from "./partition.ts";

/** More tasks than this are searched, not weighed one by one. */
export const MOST_EXACT = 20;
const MOST_STATES = 100_000;

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

/** A state is the set of tasks that are done, as bits. */
class ExactBatches {
  readonly #problem: Problem;
  readonly #search: ExactSearch;
  readonly #bound: BatchBound;
  readonly #needs: Int32Array;
  readonly #longestFirst: number[];
  readonly #numbers = new Map<number, number>();
  readonly #done: number[] = [];
  readonly #cost: number[] = [];
  readonly #from: number[] = [];
  readonly #estimate = new Float64Array(MOST_STATES);
  readonly #open: TaskHeap;
  readonly #limit: number;
  #isCut = false;

  constructor(problem: Problem, search: ExactSearch) {
    const { size, duration, needs } = problem;
    this.#problem = problem;
    this.#search = search;
    this.#bound = new BatchBound(problem, search.price);
    this.#needs = Int32Array.from(needs, (row) => row.reduce((bits, need) => bits | (1 << need), 0));
    const tasks = Array.from({ length: size }, (_, task) => task);
    this.#longestFirst = tasks.sort((a, b) => (duration[b] ?? 0) - (duration[a] ?? 0) || a - b);
    this.#open = new TaskHeap(this.#estimate);
    this.#limit = timeOf(problem, search.incumbent, search.price);
  }

  run(): { partition: Partition; proven: boolean } {
    const all = 2 ** this.#problem.size - 1;
    this.#reach(0, 0, 0);
    for (let state = this.#open.pop(); state !== undefined; state = this.#open.pop()) {
      const done = this.#done[state] ?? 0;
      if (done === all) return { partition: this.#trace(state), proven: true };
      if (this.#numbers.get(done) !== state) continue;
      if (this.#isCut || !this.#search.budget.spend(this.#problem.size) || !this.#expand(state, done)) {
        return { partition: this.#search.incumbent, proven: false };
      }
    }
    return { partition: this.#search.incumbent, proven: !this.#isCut };
  }

  /** Every batch that could come next and to which nothing can be added without making it longer; false when there are too many states. */
  #expand(state: number, done: number): boolean {
    const ready = this.#longestFirst.filter(
      (task) => (done & (1 << task)) === 0 && ((this.#needs[task] ?? 0) & ~done) === 0,
    );
    return ready.every((longest, place) => {
      const cost = (this.#cost[state] ?? 0) + (this.#problem.duration[longest] ?? 0) + this.#search.price;
      const batches = this.#fill([longest], ready.slice(place + 1), 0);
      return batches.every((batch) =>
        this.#reach(
          batch.reduce((bits, task) => bits | (1 << task), done),
          cost,
          state,
        ),
      );
    });
  }

  /** The fullest batches made of `batch` and tasks of `others` from `from` on. */
  #fill(batch: number[], others: readonly number[], from: number): number[][] {
    this.#isCut ||= !this.#search.budget.spend(1);
    if (this.#isCut) return [];
    const found: number[][] = [];
    for (let place = from; place < others.length; place++) {
      const task = others[place] ?? 0;
      if (this.#fits(batch, task)) found.push(...this.#fill([...batch, task], others, place + 1));
    }
    if (found.length > 0 || others.some((task) => !batch.includes(task) && this.#fits(batch, task))) return found;
    return [batch];
  }

  #fits(batch: readonly number[], task: number): boolean {
    const { slots, size, pools } = this.#problem;
    if (batch.length >= slots) return false;
    if (batch.some((other) => this.#search.table[task * size + other] === 1)) return false;
    return pools.every(({ capacity, demand }) => {
      const used = batch.reduce((sum, other) => sum + (demand[other] ?? 0), demand[task] ?? 0);
      return used <= capacity;
    });
  }

  #reach(done: number, cost: number, from: number): boolean {
    const known = this.#numbers.get(done);
    if (known !== undefined && (this.#cost[known] ?? 0) <= cost) return true;
    const estimate = cost + this.#bound.of((task) => (done & (1 << task)) !== 0);
    if (estimate >= this.#limit) return true;
    const state = this.#done.length;
    if (state >= MOST_STATES) return false;
    this.#numbers.set(done, state);
    this.#done.push(done);
    this.#cost.push(cost);
    this.#from.push(from);
    this.#estimate[state] = estimate;
    this.#open.push(state);
    return true;
  }

  #trace(end: number): Partition {
    const batches: number[][] = [];
    for (let state = end; state !== 0; state = this.#from[state] ?? 0) {
      const added = (this.#done[state] ?? 0) & ~(this.#done[this.#from[state] ?? 0] ?? 0);
      batches.unshift(this.#longestFirst.filter((task) => (added & (1 << task)) !== 0).sort((a, b) => a - b));
    }
    return batches;
  }
}
