/** Phase 3, batches — the smallest exchange between two batches that brings a task from one to the other: Kempe chains, within width, pools and order. */
import type { Problem } from "../problem/problem.ts";
import type { Random } from "../random.ts";
import type { BatchOrder } from "./batch-order.ts";

/** Exchanges of more tasks take long to find and hardly ever make a plan better. */
const MOST_MOVED = 10;

export interface Exchange {
  from: number;
  to: number;
  /** tasks that leave `from`, and tasks that leave `to` */
  out: readonly number[];
  back: readonly number[];
}

export class Exchanges {
  readonly #problem: Problem;
  readonly #table: Uint8Array;
  readonly #order: BatchOrder;
  readonly #random: Random;
  readonly #stamp: Int32Array;
  /** 1 where a task conflicts with another */
  readonly #hasRivals: Uint8Array;
  #mark = 0;
  #looked = 0;

  constructor(problem: Problem, { table, order, random }: { table: Uint8Array; order: BatchOrder; random: Random }) {
    this.#problem = problem;
    this.#table = table;
    this.#order = order;
    this.#random = random;
    this.#stamp = new Int32Array(problem.size);
    this.#hasRivals = Uint8Array.from({ length: problem.size }, (_, task) =>
      table.subarray(task * problem.size, (task + 1) * problem.size).includes(1) ? 1 : 0,
    );
  }

  /** How many tasks were looked at since this was asked last. */
  takeLooked(): number {
    const looked = this.#looked;
    this.#looked = 0;
    return looked;
  }

  /** `task` goes to batch `to`, what it conflicts with there comes back, and so on; undefined when that cannot be. */
  toward(to: number, task: number): Exchange | undefined {
    const from = this.#order.where[task] ?? 0;
    const [here, there] = [this.#order.tasks[from] ?? [], this.#order.tasks[to] ?? []];
    const [out, back]: [number[], number[]] = [[task], []];
    this.#mark++;
    this.#stamp[task] = this.#mark;
    if (!this.#close(out, back, { here, there })) return undefined;
    const { slots } = this.#problem;
    if (there.length - back.length + out.length > slots) {
      const chosen = there[this.#random.below(there.length)] ?? 0;
      if (this.#stamp[chosen] === this.#mark) return undefined;
      this.#stamp[chosen] = this.#mark;
      back.push(chosen);
      if (!this.#close(out, back, { here, there })) return undefined;
    }
    if (there.length - back.length + out.length > slots || here.length - out.length + back.length > slots)
      return undefined;
    const exchange = { from, to, out, back };
    return this.#keepsOrder(exchange) && this.#fitsPools(exchange) ? exchange : undefined;
  }

  /** Adds to both sides until nobody who moves conflicts with somebody who stays; false when too many would have to move. */
  #close(
    out: number[],
    back: number[],
    { here, there }: { here: readonly number[]; there: readonly number[] },
  ): boolean {
    let [left, right] = [0, 0];
    while (left < out.length || right < back.length) {
      if (left < out.length) this.#follow(out[left++] ?? 0, there, back);
      else this.#follow(back[right++] ?? 0, here, out);
      if (out.length + back.length > MOST_MOVED) return false;
    }
    return true;
  }

  #follow(task: number, others: readonly number[], moving: number[]): void {
    if (this.#hasRivals[task] === 0) return;
    const row = task * this.#problem.size;
    this.#looked += others.length;
    for (const other of others) {
      if (this.#table[row + other] === 0 || this.#stamp[other] === this.#mark) continue;
      this.#stamp[other] = this.#mark;
      moving.push(other);
    }
  }

  #keepsOrder({ from, to, out, back }: Exchange): boolean {
    const { place } = this.#order;
    const fits = (task: number, at: number): boolean => {
      const [first, last] = this.#order.window(task);
      return first <= at && at <= last;
    };
    const [before, after] = [place[from] ?? 0, place[to] ?? 0];
    return out.every((task) => fits(task, after)) && back.every((task) => fits(task, before));
  }

  #fitsPools({ from, to, out, back }: Exchange): boolean {
    return this.#problem.pools.every(({ capacity, demand }) => {
      const use = (tasks: readonly number[]): number => tasks.reduce((sum, task) => sum + (demand[task] ?? 0), 0);
      const moved = use(out) - use(back);
      if (moved === 0) return true;
      const [batch, change] = moved > 0 ? [to, moved] : [from, -moved];
      return use(this.#order.tasks[batch] ?? []) + change <= capacity;
    });
  }
}
