/** Phase 3.3, exactly — the batches that could come next and are not plainly worse than another one; sets of tasks are bits, the longest task the lowest. */
import type { Problem } from "../problem/problem.ts";

/** Tasks by their place among all, the longest first. */
export interface TaskBits {
  /** place → task */
  tasks: ArrayLike<number>;
  /** place → places of what it needs, of what waits for it, of what conflicts with it */
  needs: Int32Array;
  followers: Int32Array;
  rivals: Int32Array;
}

export function taskBits(problem: Problem, table: Uint8Array, tasks: ArrayLike<number>): TaskBits {
  const { size, needs, followers } = problem;
  const bit = new Int32Array(size);
  for (let place = 0; place < size; place++) bit[tasks[place] ?? 0] = 1 << place;
  const bitsOf = (row: readonly number[]): number => row.reduce((bits, task) => bits | (bit[task] ?? 0), 0);
  const everybody = [...bit.keys()];
  const byPlace = (row: (task: number) => readonly number[]): Int32Array =>
    Int32Array.from({ length: size }, (_, place) => bitsOf(row(tasks[place] ?? 0)));
  return {
    tasks,
    needs: byPlace((task) => needs[task] ?? []),
    followers: byPlace((task) => followers[task] ?? []),
    rivals: byPlace((task) => everybody.filter((other) => table[task * size + other] === 1)),
  };
}

/**
 * A batch is left out when a task that is ready and no longer than its longest one still fits in, and when it would be no worse with one of its tasks
 * exchanged for another that is ready: one no shorter, with at least the same followers, conflicts and demands, which is harder to place later.
 */
export class NextBatches {
  readonly #bits: TaskBits;
  readonly #slots: number;
  readonly #pools: readonly { capacity: number; demand: Float64Array }[];
  /** place → places of the tasks that should go before it */
  readonly #betters: Int32Array;
  /** tasks that fit wherever there is a slot */
  readonly #easy: number;
  readonly #all: number;
  #ready = 0;
  #spend: (steps: number) => boolean = () => true;
  #emit: (batch: number) => void = () => undefined;

  constructor({ size, slots, pools }: Problem, bits: TaskBits) {
    this.#bits = bits;
    this.#slots = slots;
    this.#pools = pools.map(({ capacity, demand }) => ({
      capacity,
      demand: Float64Array.from({ length: size }, (_, place) => demand[bits.tasks[place] ?? 0] ?? 0),
    }));
    this.#betters = Int32Array.from({ length: size }, (_, place) => this.#bettersOf(place));
    let easy = 0;
    for (let place = 0; place < size; place++) {
      if (bits.rivals[place] === 0 && this.#pools.every(({ demand }) => demand[place] === 0)) easy |= 1 << place;
    }
    this.#easy = easy;
    this.#all = 2 ** size - 1;
  }

  #bettersOf(place: number): number {
    const { followers, rivals } = this.#bits;
    const covers = (more: Int32Array, other: number): boolean =>
      ((more[place] ?? 0) & ~((more[other] ?? 0) | (1 << other))) === 0;
    let betters = 0;
    for (let other = 0; other < place; other++) {
      const isDemanding = this.#pools.every(({ demand }) => (demand[other] ?? 0) >= (demand[place] ?? 0));
      if (isDemanding && covers(followers, other) && covers(rivals, other)) betters |= 1 << other;
    }
    return betters;
  }

  /** Hands every batch that could come after the tasks `done` to `emit`; false when `spend` refused. */
  after(done: number, { spend, emit }: { spend: (steps: number) => boolean; emit: (batch: number) => void }): boolean {
    const { needs } = this.#bits;
    let ready = 0;
    for (let place = 0; place < needs.length; place++) {
      if ((done & (1 << place)) === 0 && ((needs[place] ?? 0) & ~done) === 0) ready |= 1 << place;
    }
    [this.#ready, this.#spend, this.#emit] = [ready, spend, emit];
    const needless = this.#waitingForNobody(ready, this.#all & ~done & ~ready);
    for (let left = ready; left !== 0; left &= left - 1) {
      const longest = left & -left;
      if (!this.#startWith(longest, needless)) return false;
      if (longest === needless) break;
    }
    return true;
  }

  /** The longest task that is ready and cannot share a batch with any that is not: its batch might as well come now. 0 where there is none. */
  #waitingForNobody(ready: number, later: number): number {
    for (let left = ready; left !== 0; left &= left - 1) {
      const task = left & -left;
      if ((later & ~(this.#bits.rivals[31 - Math.clz32(task)] ?? 0)) === 0) return task;
    }
    return 0;
  }

  /** All batches with `longest` as their longest task, and with `also` in them. */
  #startWith(longest: number, also: number): boolean {
    const { rivals } = this.#bits;
    const place = 31 - Math.clz32(longest);
    const shorter = this.#ready & ~(longest | (longest - 1));
    const open = shorter & ~(rivals[place] ?? 0);
    if (also === 0 || also === longest) return this.#fill(longest, open, 0);
    const second = 31 - Math.clz32(also);
    if (this.#slots < 2 || (open & also) === 0 || !this.#fitsPools(longest, second)) return true;
    return this.#fill(longest | also, open & ~also & ~(rivals[second] ?? 0), 0);
  }

  /** All batches of `batch` and some of `open`; `passed` are easy tasks that were left out. */
  #fill(batch: number, open: number, passed: number): boolean {
    if (!this.#spend(1)) return false;
    const size = bitCount(batch);
    if (open === 0 || size === this.#slots) {
      if (this.#isWorthIt(batch, size)) this.#emit(batch);
      return true;
    }
    const task = open & -open;
    const place = 31 - Math.clz32(task);
    const rest = open ^ task;
    const isExcluded = ((this.#betters[place] ?? 0) & passed) !== 0 || !this.#fitsPools(batch, place);
    if (!isExcluded && !this.#fill(batch | task, rest & ~(this.#bits.rivals[place] ?? 0), passed)) return false;
    const isEasy = (task & this.#easy) !== 0;
    if (isEasy && !isExcluded && size + bitCount(rest) < this.#slots) return true;
    return this.#fill(batch, rest, isEasy ? passed | task : passed);
  }

  #isWorthIt(batch: number, size: number): boolean {
    const longest = batch & -batch;
    const others = this.#ready & ~batch & ~(longest - 1);
    if (size < this.#slots && this.#someFits(others, batch)) return false;
    for (let left = batch; left !== 0; left &= left - 1) {
      const place = 31 - Math.clz32(left & -left);
      const betters = (this.#betters[place] ?? 0) & others;
      if (betters !== 0 && this.#someFits(betters, batch & ~(1 << place))) return false;
    }
    return true;
  }

  #someFits(others: number, batch: number): boolean {
    for (let left = others; left !== 0; left &= left - 1) {
      const place = 31 - Math.clz32(left & -left);
      if (((this.#bits.rivals[place] ?? 0) & batch) === 0 && this.#fitsPools(batch, place)) return true;
    }
    return false;
  }

  #fitsPools(batch: number, place: number): boolean {
    for (const { capacity, demand } of this.#pools) {
      let units = demand[place] ?? 0;
      for (let left = batch; left !== 0; left &= left - 1) units += demand[31 - Math.clz32(left & -left)] ?? 0;
      if (units > capacity) return false;
    }
    return true;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}
