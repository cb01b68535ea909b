/** Phase 3.3 — where no task needs another and none goes first: the longest tasks of a batch lose their place, and tabu search finds all a place in batches that cost less. */
import { hasPriorities } from "../problem/priorities.ts";
import type { Problem } from "../problem/problem.ts";
import { Random } from "../random.ts";
import type { SearchBudget } from "../search-budget.ts";
import { PartialBatches } from "./partial-batches.ts";
import { type Partition, timeOf } from "./partition.ts";

/** For how many steps a task that had to leave a batch stays out of it: at least, as many more by chance, and more for each task without a place. */
const TENURE = 5;
const TENURE_PER_LOOSE = 0.6;
/** Of so many batches drawn by chance, the one that is easiest to shorten is. */
const DRAWN = 3;

export interface Relocation {
  table: Uint8Array;
  price: number;
  bound: number;
}

/** Whether conflicts, locks and width alone decide who shares a batch, so that batches can come in any order. */
export function isColouring(problem: Problem): boolean {
  const { needs, pools } = problem;
  const isFree = needs.every((row) => row.length === 0) && !hasPriorities(problem);
  return isFree && pools.every(({ demand }) => demand.every((units) => units === 0));
}

/** Partial colouring after Blöchliger and Zufferey, with the cost of all batches kept below that of the best. */
export class Relocator {
  readonly #problem: Problem;
  readonly #relocation: Relocation;
  readonly #batches: PartialBatches;
  readonly #random = new Random();
  #forbidden = new Int32Array(0);
  #step = 0;

  constructor(problem: Problem, relocation: Relocation) {
    const { duration } = problem;
    const isCounting = relocation.price > duration.reduce((sum, ms) => sum + ms, 0);
    const weight = duration.map((ms) => (isCounting ? 1 : Math.max(1, ms)));
    this.#problem = problem;
    this.#relocation = relocation;
    this.#batches = new PartialBatches(problem, { ...relocation, weight });
  }

  /** From `best` on until `work` steps of the budget brought nothing better; better batches, or `best`. */
  round(best: Partition, work: number, budget: SearchBudget): Partition {
    let [found, cost] = [best, timeOf(this.#problem, best, this.#relocation.price)];
    const batches = this.#batches;
    this.#load(best);
    for (let left = work; left > 0 && cost > this.#relocation.bound; ) {
      if (batches.loose.length === 0) {
        if (batches.cost < cost) [found, cost, left] = [batches.partition(), batches.cost, work];
        this.#shorten();
      }
      const spent = 4 + ((batches.loose.length * batches.width) >> 3);
      if (!budget.spend(spent)) break;
      left -= spent;
      if (!this.#relocate(cost)) this.#shorten();
    }
    return found;
  }

  #load(partition: Partition): void {
    this.#batches.load(partition);
    const cells = this.#problem.size * this.#batches.width;
    if (this.#forbidden.length < cells) this.#forbidden = new Int32Array(cells);
    this.#forbidden.fill(0);
    this.#step = 0;
  }

  /** The longest tasks of one batch lose their place. */
  #shorten(): void {
    const { tasks, longest, weight } = this.#batches;
    const used = [...tasks.keys()].filter((batch) => (tasks[batch]?.length ?? 0) > 0);
    const top = (batch: number): number[] =>
      (tasks[batch] ?? []).filter((task) => this.#problem.duration[task] === longest[batch]);
    let [chosen, least]: [number[], number] = [[], Infinity];
    for (let draw = 0; draw < DRAWN; draw++) {
      const leaving = top(used[this.#random.below(used.length)] ?? 0);
      const heavy = leaving.reduce((sum, task) => sum + (weight[task] ?? 0), 0);
      if (heavy < least) [chosen, least] = [leaving, heavy];
    }
    for (const task of chosen) this.#evict(task);
  }

  #evict(task: number): void {
    this.#forbid(task, this.#batches.whereIs(task));
    this.#batches.evict(task);
  }

  #forbid(task: number, batch: number): void {
    const { loose, width } = this.#batches;
    const tenure = TENURE + this.#random.below(2 * TENURE) + Math.floor(TENURE_PER_LOOSE * loose.length);
    this.#forbidden[task * width + batch] = this.#step + tenure;
  }

  /** The move that leaves the least weight without a place, among those that keep the cost below `limit`; false when there is none. */
  #relocate(limit: number): boolean {
    const batches = this.#batches;
    const { loose, width, weight } = batches;
    const room = limit - batches.cost;
    let [task, to, least, equals] = [-1, -1, Infinity, 0];
    this.#step++;
    for (const candidate of loose) {
      const own = weight[candidate] ?? 0;
      for (let batch = 0; batch < width; batch++) {
        if (batches.surcharge(candidate, batch) >= room) continue;
        const against = batches.against(candidate, batch);
        const change = against - own;
        if (change > least) continue;
        if (against > 0 && (this.#forbidden[candidate * width + batch] ?? 0) > this.#step) continue;
        equals = change < least ? 1 : equals + 1;
        if (equals === 1 || this.#random.below(equals) === 0) [task, to] = [candidate, batch];
        least = change;
      }
    }
    if (task < 0) return false;
    for (const other of batches.settle(task, to)) this.#forbid(other, to);
    return true;
  }
}
