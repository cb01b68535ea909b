/** Phase 3, batches — batches that some tasks have no place in yet, and what would have to leave a batch for a task to come in, always at hand. */
import type { Problem } from "../problem/problem.ts";
import type { Partition } from "./partition.ts";

export const NOWHERE = -1;

/** Only for tasks that need nothing and no pools: conflicts, locks and width alone decide who shares a batch. */
export class PartialBatches {
  /** tasks without a batch, in no order */
  readonly loose: number[] = [];
  /** batches there is room for in the tables: those of the partition, and one that is empty */
  width = 0;
  /** batch → its tasks, in no order */
  tasks: number[][] = [];
  /** batch → its longest task; 0 while it is empty */
  longest = new Float64Array(0);
  /** the longest tasks of all batches, and the price of each */
  cost = 0;
  readonly weight: Float64Array;
  readonly #problem: Problem;
  readonly #table: Uint8Array;
  readonly #price: number;
  readonly #rivals: readonly Int32Array[];
  readonly #where: Int32Array;
  /** task × width + batch → weight of the tasks there that conflict with it */
  #against = new Float64Array(0);

  /** `weight` says how hard it is to find a place for a task; whole numbers from 1 up. */
  constructor(problem: Problem, { table, price, weight }: { table: Uint8Array; price: number; weight: Float64Array }) {
    const { size } = problem;
    this.#problem = problem;
    this.#table = table;
    this.#price = price;
    this.weight = weight;
    this.#where = new Int32Array(size);
    this.#rivals = Array.from({ length: size }, (_, task) =>
      Int32Array.from({ length: size }, (_, other) => other).filter((other) => table[task * size + other] === 1),
    );
  }

  load(partition: Partition): void {
    this.width = partition.length + 1;
    const cells = this.#problem.size * this.width;
    if (this.#against.length < cells) this.#against = new Float64Array(cells);
    this.#against.fill(0);
    this.tasks = Array.from({ length: this.width }, () => []);
    this.longest = new Float64Array(this.width);
    this.loose.length = 0;
    this.cost = 0;
    for (const [batch, tasks] of partition.entries()) for (const task of tasks) this.#put(task, batch);
  }

  /** The batches as they are, the empty ones left out. */
  partition(): Partition {
    return this.tasks.filter((tasks) => tasks.length > 0).map((tasks) => [...tasks].sort((a, b) => a - b));
  }

  /** The batch of `task`, `NOWHERE` while it is loose. */
  whereIs(task: number): number {
    return this.#where[task] ?? NOWHERE;
  }

  /** Added cost of a plan with `task` in `batch`; the tasks that leave the batch for it are not counted. */
  surcharge(task: number, batch: number): number {
    const opened = this.tasks[batch]?.length === 0 ? this.#price : 0;
    return opened + Math.max(0, (this.#problem.duration[task] ?? 0) - (this.longest[batch] ?? 0));
  }

  /** The weight of what has to leave `batch` for `task`. */
  against(task: number, batch: number): number {
    const conflicting = this.#against[task * this.width + batch] ?? 0;
    if (conflicting > 0) return conflicting;
    const tasks = this.tasks[batch] ?? [];
    return tasks.length < this.#problem.slots ? 0 : (this.weight[this.#lightest(tasks)] ?? 0);
  }

  #lightest(tasks: readonly number[]): number {
    let lightest = tasks[0] ?? 0;
    for (const task of tasks) if ((this.weight[task] ?? 0) < (this.weight[lightest] ?? 0)) lightest = task;
    return lightest;
  }

  /** The loose `task` goes to `batch`; what has to leave for it is loose then, and returned. */
  settle(task: number, batch: number): readonly number[] {
    const leaving = this.#leaving(task, batch);
    for (const other of leaving) this.evict(other);
    this.loose[this.loose.indexOf(task)] = this.loose.at(-1) ?? NOWHERE;
    this.loose.pop();
    this.#put(task, batch);
    return leaving;
  }

  #leaving(task: number, batch: number): readonly number[] {
    const tasks = this.tasks[batch] ?? [];
    const row = task * this.#problem.size;
    const rivals =
      (this.#against[task * this.width + batch] ?? 0) === 0
        ? []
        : tasks.filter((other) => this.#table[row + other] === 1);
    return rivals.length === 0 && tasks.length >= this.#problem.slots ? [this.#lightest(tasks)] : rivals;
  }

  evict(task: number): void {
    const batch = this.#where[task] ?? 0;
    const tasks = this.tasks[batch] ?? [];
    tasks[tasks.indexOf(task)] = tasks.at(-1) ?? NOWHERE;
    tasks.pop();
    if (tasks.length === 0) this.cost -= this.#price;
    if (this.#problem.duration[task] === this.longest[batch]) this.#stretch(batch, this.#longestOf(tasks));
    this.#where[task] = NOWHERE;
    this.loose.push(task);
    this.#weigh(task, batch, -(this.weight[task] ?? 0));
  }

  #put(task: number, batch: number): void {
    const duration = this.#problem.duration[task] ?? 0;
    if (this.tasks[batch]?.length === 0) this.cost += this.#price;
    this.tasks[batch]?.push(task);
    if (duration > (this.longest[batch] ?? 0)) this.#stretch(batch, duration);
    this.#where[task] = batch;
    this.#weigh(task, batch, this.weight[task] ?? 0);
  }

  #stretch(batch: number, longest: number): void {
    this.cost += longest - (this.longest[batch] ?? 0);
    this.longest[batch] = longest;
  }

  #longestOf(tasks: readonly number[]): number {
    let longest = 0;
    for (const task of tasks) longest = Math.max(longest, this.#problem.duration[task] ?? 0);
    return longest;
  }

  #weigh(task: number, batch: number, weight: number): void {
    const against = this.#against;
    for (const rival of this.#rivals[task] ?? []) {
      const cell = rival * this.width + batch;
      against[cell] = (against[cell] ?? 0) + weight;
    }
  }
}
