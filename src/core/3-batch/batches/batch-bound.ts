/** Phase 3's certificate for batches — what is left to do costs at least this: full batches of the longest tasks and what comes behind them, the dearest chain, the locks. */
import type { Problem } from "../problem/problem.ts";
import { sortedBy } from "../problem/rank.ts";
import type { Capacity } from "../streaming/profile.ts";

/** Costs that come behind are looked at one by one as long as there are no more than this. */
const MOST_LEVELS = 32;
/** Tasks that are looked at as fast as one step of a search takes. */
const PER_STEP = 20;
/** Tolerance for rounding errors, so that a sum of fractions makes no batch fuller than it is. */
const ROUNDING = 1e-9;

export class BatchBound {
  /** all tasks, the longest first */
  readonly longestFirst: Uint32Array;
  readonly #problem: Problem;
  readonly #price: number;
  /** task → cost of the dearest chain that waits for it, when every task is a batch of its own */
  readonly #behind: Float64Array;
  /** costs that come behind some task, ascending */
  readonly #levels: Float64Array;
  readonly #isLeft: Uint8Array;
  /** the slots and the pools */
  readonly #capacities: readonly Capacity[];
  /** sets of tasks of which no two share a batch */
  readonly #apart: readonly (readonly number[])[];

  /** `price` is what a batch costs besides its longest task. */
  constructor(problem: Problem, price: number) {
    const { size, duration, order, followers } = problem;
    this.#problem = problem;
    this.#price = price;
    this.longestFirst = sortedBy(size, (a, b) => (duration[b] ?? 0) - (duration[a] ?? 0));
    this.#behind = new Float64Array(size);
    this.#isLeft = new Uint8Array(size);
    this.#capacities = [{ capacity: problem.slots, demand: new Float64Array(size).fill(1) }, ...problem.pools];
    const halves = problem.pools.map(({ capacity, demand }) =>
      [...demand.keys()].filter((task) => (demand[task] ?? 0) > capacity / 2),
    );
    this.#apart = [...problem.holders, ...halves].filter((row) => row.length > 0);
    for (let place = size - 1; place >= 0; place--) {
      const task = order[place] ?? 0;
      for (const follower of followers[task] ?? []) {
        this.#behind[task] = Math.max(this.#behind[task] ?? 0, this.#costFrom(follower));
      }
    }
    const levels = Float64Array.from(new Set(this.#behind)).sort();
    const every = Math.ceil(levels.length / MOST_LEVELS);
    this.#levels = levels.filter((_, place) => place % every === 0);
  }

  /** Cost of one bound, in steps of a search. */
  get steps(): number {
    const looks = this.#levels.length * this.#capacities.length * this.#problem.size;
    return Math.ceil(this.#apart.reduce((sum, row) => sum + row.length + 1, looks) / PER_STEP);
  }

  #costFrom(task: number): number {
    return (this.#behind[task] ?? 0) + (this.#problem.duration[task] ?? 0) + this.#price;
  }

  /** The least that the tasks `left` can cost; they come the longest first. */
  of(left: ArrayLike<number> = this.longestFirst): number {
    let bound = this.#kept(left);
    for (let place = 0; place < left.length; place++) bound = Math.max(bound, this.#costFrom(left[place] ?? 0));
    for (const level of this.#levels) {
      for (const capacity of this.#capacities) bound = Math.max(bound, this.#full(left, capacity, level));
    }
    return bound;
  }

  /** Full batches of the tasks that have at least `level` behind them, as if every task could be split, and then that. */
  #full(left: ArrayLike<number>, { capacity, demand }: Capacity, level: number): number {
    const { duration } = this.#problem;
    let [cost, units, begun] = [0, 0, 0];
    for (let place = 0; place < left.length; place++) {
      const task = left[place] ?? 0;
      if ((this.#behind[task] ?? 0) < level) continue;
      units += demand[task] ?? 0;
      const batches = Math.ceil(units / capacity - ROUNDING);
      cost += (batches - begun) * ((duration[task] ?? 0) + this.#price);
      begun = batches;
    }
    return begun === 0 ? 0 : cost + level;
  }

  /** The most that one set of tasks costs of which each needs a batch of its own, and then the least that is behind them. */
  #kept(left: ArrayLike<number>): number {
    if (this.#apart.length === 0) return 0;
    const { duration } = this.#problem;
    for (let place = 0; place < left.length; place++) this.#isLeft[left[place] ?? 0] = 1;
    let most = 0;
    for (const row of this.#apart) {
      let [cost, behind] = [0, Infinity];
      for (const task of row) {
        if (this.#isLeft[task] === 0) continue;
        cost += (duration[task] ?? 0) + this.#price;
        behind = Math.min(behind, this.#behind[task] ?? 0);
      }
      if (cost > 0) most = Math.max(most, cost + behind);
    }
    this.#isLeft.fill(0);
    return most;
  }
}
