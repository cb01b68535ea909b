/** Phase 3.3 — "max 5 concurrent tasks", "no conflicts within batches": whether a task still has room in a batch that is being filled. */
import type { Problem } from "../problem/problem.ts";
import { TakenNumbers } from "./taken-numbers.ts";

/** The batches of a plan while tasks are put into them; a batch is a number from 0 up, and may still be empty. */
export class BatchRoom {
  readonly #problem: Problem;
  readonly #places: Int32Array;
  readonly #sizes: number[] = [];
  readonly #full = new TakenNumbers();
  /** lock → the batches it is held in */
  readonly #locked: TakenNumbers[] = [];
  readonly #used: number[][] = [];

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#places = new Int32Array(problem.size).fill(-1);
  }

  /** task → its batch, -1 while it has none */
  get places(): Int32Array {
    return this.#places;
  }

  /** The first batch from `from` on that has room for `task`; batches that are full, or in which its locks are held, are leapt over. */
  firstFor(task: number, from: number): number {
    let batch = from;
    for (let before = -1; before < batch; ) {
      before = batch;
      batch = this.#full.freeFrom(batch);
      for (const lock of this.#problem.locks[task] ?? []) batch = this.#locked[lock]?.freeFrom(batch) ?? batch;
      if (batch === before && !this.fits(task, batch)) batch++;
    }
    return batch;
  }

  fits(task: number, batch: number): boolean {
    const { slots, locks, rivals, pools } = this.#problem;
    if ((this.#sizes[batch] ?? 0) >= slots) return false;
    for (const lock of locks[task] ?? []) if (this.#locked[lock]?.has(batch)) return false;
    for (const rival of rivals[task] ?? []) if (this.#places[rival] === batch) return false;
    const used = this.#used[batch];
    return pools.every(({ capacity, demand }, pool) => (used?.[pool] ?? 0) + (demand[task] ?? 0) <= capacity);
  }

  put(task: number, batch: number): void {
    this.#places[task] = batch;
    this.#sizes[batch] = (this.#sizes[batch] ?? 0) + 1;
    if ((this.#sizes[batch] ?? 0) >= this.#problem.slots) this.#full.take(batch);
    for (const lock of this.#problem.locks[task] ?? []) {
      const held = this.#locked[lock] ?? new TakenNumbers();
      this.#locked[lock] = held;
      held.take(batch);
    }
    if (this.#problem.pools.length === 0) return;
    const used = this.#used[batch] ?? this.#problem.pools.map(() => 0);
    this.#used[batch] = used.map((units, pool) => units + (this.#problem.pools[pool]?.demand[task] ?? 0));
  }
}
