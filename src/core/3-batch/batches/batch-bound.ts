/** Phase 3's certificate for batches — what is left to do costs at least this: full batches of the longest tasks, the dearest chain, the locks. */
import type { Problem } from "../problem/problem.ts";
import { sortedBy } from "../problem/rank.ts";

export class BatchBound {
  readonly #problem: Problem;
  readonly #price: number;
  readonly #byLength: Uint32Array;
  /** task → cost of the dearest chain from it on, when every task is a batch of its own */
  readonly #chain: Float64Array;

  /** `price` is what a batch costs besides its longest task. */
  constructor(problem: Problem, price: number) {
    const { size, duration, order, followers } = problem;
    this.#problem = problem;
    this.#price = price;
    this.#byLength = sortedBy(size, (a, b) => (duration[b] ?? 0) - (duration[a] ?? 0));
    this.#chain = new Float64Array(size);
    for (let place = size - 1; place >= 0; place--) {
      const task = order[place] ?? 0;
      let behind = 0;
      for (const follower of followers[task] ?? []) behind = Math.max(behind, this.#chain[follower] ?? 0);
      this.#chain[task] = behind + (duration[task] ?? 0) + price;
    }
  }

  /** The least that the tasks for which `isDone` is false can cost. */
  of(isDone: (task: number) => boolean): number {
    const { duration, slots, holders } = this.#problem;
    let [full, chain, left] = [0, 0, 0];
    for (const task of this.#byLength) {
      if (isDone(task)) continue;
      if (left % slots === 0) full += (duration[task] ?? 0) + this.#price;
      chain = Math.max(chain, this.#chain[task] ?? 0);
      left++;
    }
    let locked = 0;
    for (const row of holders) {
      let work = 0;
      for (const task of row) if (!isDone(task)) work += (duration[task] ?? 0) + this.#price;
      locked = Math.max(locked, work);
    }
    return Math.max(full, chain, locked);
  }
}
