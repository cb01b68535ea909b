/** Phase 3, streaming — a population of orders, crossed and improved until the bound is met or the budget is used up; more budget never gives a longer plan. */
import { tails } from "../problem/path-lengths.ts";
import type { Keeps } from "../problem/priorities.ts";
import type { Problem } from "../problem/problem.ts";
import { TaskHeap } from "../problem/task-heap.ts";
import { Random } from "../random.ts";
import type { SearchBudget } from "../search-budget.ts";
import type { Justifier, Schedule } from "./justify.ts";

const POPULATION = 120;
/** How many neighbours of a child change places. */
const MUTATIONS = 0.1;
/** Children in a row that were no better than the worst, after which the population begins anew around the best. */
const PATIENCE = 400;
/** One sample of so many follows no rule at all. */
const ANY_ORDER = 8;

export interface OrderSearch {
  justifier: Justifier;
  /** schedules to begin with, at least one */
  seeds: Schedule[];
  /** it is over when a schedule is as short as this */
  bound: number;
  /** whether a schedule may be the plan; the first seed may */
  keeps: Keeps;
  budget: SearchBudget;
}

/** The best schedule found; the first seed where nothing is shorter. */
export function searchOrders(problem: Problem, search: OrderSearch): Schedule {
  return new Population(problem, search).run();
}

class Population {
  readonly #problem: Problem;
  readonly #search: OrderSearch;
  readonly #random = new Random();
  readonly #tail: Float64Array;
  readonly #cost: number;
  #members: Schedule[] = [];
  #best: Schedule;

  constructor(problem: Problem, search: OrderSearch) {
    this.#problem = problem;
    this.#search = search;
    this.#tail = tails(problem);
    const [first] = search.seeds;
    if (first === undefined) throw new Error("a search needs a schedule to begin with");
    this.#best = first;
    for (const seed of search.seeds) this.#keep(seed);
    const mutual = problem.locks.reduce((count, row) => count + row.length, 0);
    this.#cost = 3 * problem.size * (6 + 2 * problem.pools.length) + 6 * mutual;
  }

  run(): Schedule {
    this.#members = [...this.#search.seeds];
    while (this.#goesOn()) {
      if (this.#members.length < POPULATION) this.#members.push(this.#judged(this.#sample()));
      else this.#breed();
    }
    return this.#best;
  }

  #goesOn(): boolean {
    return this.#best.ms > this.#search.bound && this.#search.budget.spend(this.#cost);
  }

  #judged(order: Int32Array): Schedule {
    const { justifier } = this.#search;
    const schedule = justifier.improve(justifier.schedule(order));
    this.#keep(schedule);
    return schedule;
  }

  #keep(schedule: Schedule): void {
    if (schedule.ms < this.#best.ms && this.#search.keeps((task) => schedule.start[task] ?? 0)) this.#best = schedule;
  }

  /** One generation after the other until children stop getting in; then the best stays and the rest begins anew. */
  #breed(): void {
    let idle = 0;
    do {
      idle = this.#replaces(this.#judged(this.#child())) ? 0 : idle + 1;
    } while (idle < PATIENCE && this.#goesOn());
    if (idle >= PATIENCE) this.#members = [this.#best];
  }

  /** The child takes the place of the longest schedule, if it is shorter and nobody has its starts yet. */
  #replaces(child: Schedule): boolean {
    let longest = 0;
    for (const [place, member] of this.#members.entries()) {
      if (member.ms > (this.#members[longest]?.ms ?? 0)) longest = place;
      if (member.ms === child.ms && isEqual(member.start, child.start)) return false;
    }
    if (child.ms > (this.#members[longest]?.ms ?? 0)) return false;
    this.#members[longest] = child;
    return true;
  }

  /** Two-point crossover: the beginning and the end in one parent's order, what is between in the other's; then a few neighbours change places. */
  #child(): Int32Array {
    const [one, other] = [this.#parent(), this.#parent()];
    const size = one.length;
    const from = this.#random.below(size);
    const to = from + 1 + this.#random.below(size - from);
    const taken = new Uint8Array(size);
    const child = new Int32Array(size);
    let place = 0;
    const fill = (order: Int32Array, until: number): void => {
      for (let at = 0; at < order.length && place < until; at++) {
        const task = order[at] ?? 0;
        if (taken[task] === 1) continue;
        taken[task] = 1;
        child[place++] = task;
      }
    };
    fill(one, from);
    fill(other, to);
    fill(one, size);
    this.#mutate(child);
    return child;
  }

  #parent(): Int32Array {
    const pick = (): Schedule => this.#members[this.#random.below(this.#members.length)] ?? this.#best;
    const [one, other] = [pick(), pick()];
    return (one.ms <= other.ms ? one : other).order;
  }

  #mutate(order: Int32Array): void {
    const { needs, running } = this.#problem;
    for (let place = 1; place < order.length; place++) {
      if (this.#random.unit() > MUTATIONS) continue;
      const [before, task] = [order[place - 1] ?? 0, order[place] ?? 0];
      if (needs[task]?.includes(before) || running[before] === 1) continue;
      order[place - 1] = task;
      order[place] = before;
    }
  }

  /** A random order in which longer chains tend to come first; now and then one in which nothing does. */
  #sample(): Int32Array {
    const { needs, followers, order, running } = this.#problem;
    const isAny = this.#members.length % ANY_ORDER === ANY_ORDER - 1;
    const key = this.#tail.map((tail, task) => {
      if (running[task] === 1) return -Infinity;
      return isAny ? this.#random.unit() : -tail * (0.5 + this.#random.unit());
    });
    const open = Int32Array.from(needs, (row) => row.length);
    const ready = new TaskHeap(key);
    for (const task of order) if (open[task] === 0) ready.push(task);
    const sample = new Int32Array(order.length);
    for (let place = 0; place < sample.length; place++) {
      const task = ready.pop() ?? 0;
      sample[place] = task;
      for (const follower of followers[task] ?? []) {
        open[follower] = (open[follower] ?? 0) - 1;
        if (open[follower] === 0) ready.push(follower);
      }
    }
    return sample;
  }
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  for (let place = 0; place < a.length; place++) if (a[place] !== b[place]) return false;
  return true;
}
