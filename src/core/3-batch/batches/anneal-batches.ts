/** Phase 3.3 — "balance load, minimize total batches": simulated annealing over the batches, a cooling at a time. */
import type { Keeps } from "../problem/priorities.ts";
import type { Problem } from "../problem/problem.ts";
import { Random } from "../random.ts";
import type { SearchBudget } from "../search-budget.ts";
import { BatchOrder } from "./batch-order.ts";
import { type Exchange, Exchanges } from "./exchange.ts";
import { type Partition, timeOf } from "./partition.ts";

export interface Annealing {
  table: Uint8Array;
  /** what a batch costs besides its longest task */
  price: number;
  /** it is over when a plan costs no more than this */
  bound: number;
  /** whether batches may be the plan */
  keeps: Keeps;
}

/** Of a task's mean length: the temperature a round begins and ends with, and what it is worth to make a large batch larger. */
const HOTTEST = 0.15;
const COLDEST = 0.01;
const PULL = 0.002;
/** How often a task gets a batch of its own. */
const OPENINGS = 0.01;

/** Cost of one cooling step, taken from the budget. */
export const ANNEALING_STEP = 3;

export class Annealer {
  readonly #problem: Problem;
  readonly #annealing: Annealing;
  readonly #order: BatchOrder;
  readonly #exchanges: Exchanges;
  readonly #random = new Random();
  readonly #mean: number;
  #cost = 0;
  #best: Partition = [];
  #bestCost = Infinity;

  constructor(problem: Problem, annealing: Annealing) {
    this.#problem = problem;
    this.#annealing = annealing;
    this.#order = new BatchOrder(problem);
    this.#exchanges = new Exchanges(problem, { table: annealing.table, order: this.#order, random: this.#random });
    this.#mean = problem.duration.reduce((sum, ms) => sum + ms, 0) / Math.max(1, problem.size);
  }

  /** One cooling of `length` steps from `best` on; better batches, or `best`. */
  round(best: Partition, length: number, budget: SearchBudget): Partition {
    this.#order.load(best);
    this.#best = best;
    this.#bestCost = timeOf(this.#problem, best, this.#annealing.price);
    this.#cost = this.#bestCost;
    const cooling = (COLDEST / HOTTEST) ** (1 / length);
    let temperature = HOTTEST * this.#mean;
    for (let step = 0; step < length; step++, temperature *= cooling) {
      if (
        this.#bestCost <= this.#annealing.bound ||
        !budget.spend(ANNEALING_STEP + (this.#exchanges.takeLooked() >> 2))
      )
        break;
      this.#step(temperature);
    }
    return this.#best;
  }

  #step(temperature: number): void {
    const task = this.#random.below(this.#problem.size);
    const [first, last] = this.#order.window(task);
    if (this.#random.unit() < OPENINGS) {
      this.#open(task, { first, last, temperature });
      return;
    }
    if (first === last) return;
    const place = first + this.#random.below(last - first + 1);
    const to = this.#order.sequence[place] ?? 0;
    if (to === this.#order.where[task]) return;
    const exchange = this.#exchanges.toward(to, task);
    if (exchange === undefined) return;
    const change = this.#change(exchange);
    if (this.#accepts(change - this.#pull(exchange), temperature)) this.#carryOut(exchange, change);
  }

  /** A batch of its own for `task`, somewhere between its needs and its followers. */
  #open(task: number, { first, last, temperature }: { first: number; last: number; temperature: number }): void {
    const from = this.#order.where[task] ?? 0;
    if ((this.#order.tasks[from]?.length ?? 0) < 2) return;
    const change = this.#longestAfter(from, { out: [task], back: [] }) - (this.#order.longest[from] ?? 0);
    const cost = change + (this.#problem.duration[task] ?? 0) + this.#annealing.price;
    if (!this.#accepts(cost, temperature)) return;
    const to = this.#order.open(first + this.#random.below(last - first + 2));
    this.#carryOut({ from, to, out: [task], back: [] }, cost);
  }

  #accepts(change: number, temperature: number): boolean {
    return change <= 0 || this.#random.unit() < Math.exp(-change / temperature);
  }

  #change({ from, to, out, back }: Exchange): number {
    const { longest, tasks } = this.#order;
    const isEmptied = back.length === 0 && out.length === tasks[from]?.length;
    const before = (longest[from] ?? 0) + (longest[to] ?? 0) + (isEmptied ? this.#annealing.price : 0);
    return this.#longestAfter(from, { out, back }) + this.#longestAfter(to, { out: back, back: out }) - before;
  }

  /** Where lengths do not tell, large batches draw tasks, so that small ones get empty. */
  #pull({ from, to, out, back }: Exchange): number {
    const { tasks } = this.#order;
    const moved = out.length - back.length;
    const [here, there] = [tasks[from]?.length ?? 0, tasks[to]?.length ?? 0];
    return ((here - moved) ** 2 + (there + moved) ** 2 - here ** 2 - there ** 2) * PULL * this.#mean;
  }

  #longestAfter(batch: number, { out, back }: Pick<Exchange, "out" | "back">): number {
    const { duration } = this.#problem;
    let longest = 0;
    for (const task of back) longest = Math.max(longest, duration[task] ?? 0);
    const present = this.#order.longest[batch] ?? 0;
    if (longest >= present) return longest;
    for (const task of this.#order.tasks[batch] ?? []) {
      const ms = duration[task] ?? 0;
      if (ms > longest && !out.includes(task)) longest = ms;
      if (longest === present) return longest;
    }
    return longest;
  }

  #carryOut(exchange: Exchange, change = this.#change(exchange)): void {
    const { from, to, out, back } = exchange;
    this.#order.exchange(from, to, [out, back]);
    if (this.#order.tasks[from]?.length === 0) this.#order.close(from);
    this.#cost += change;
    if (this.#cost >= this.#bestCost || !this.#annealing.keeps((task) => this.#order.placeOf(task))) return;
    this.#best = this.#order.partition();
    this.#bestCost = this.#cost;
  }
}
