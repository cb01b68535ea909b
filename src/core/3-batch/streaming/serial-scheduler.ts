/** Phase 3, streaming — task after task in a given order, each at the earliest time that is still free: some order gives the shortest plan. */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import type { Problem } from "../problem/problem.ts";
import { MutexTimes } from "./mutex-times.ts";
import { type Capacity, Profile } from "./profile.ts";

/** Serial schedule generation: used again and again on one problem, it keeps its arrays. */
export class SerialScheduler {
  readonly #problem: Problem;
  readonly #profile: Profile;
  readonly #mutexes: MutexTimes;
  readonly #end: Float64Array;
  readonly #hasCapacities: boolean;
  readonly #hasMutexes: boolean;

  constructor(problem: Problem, mutexes: MutexGroups) {
    this.#problem = problem;
    const capacities = capacitiesOf(problem);
    this.#profile = new Profile(capacities, problem.size);
    this.#mutexes = new MutexTimes(mutexes);
    this.#end = new Float64Array(problem.size);
    this.#hasCapacities = capacities.length > 0;
    this.#hasMutexes = mutexes.members.length > 0;
  }

  /** Writes every task's start into `start` and returns when the last one ends. In `order` a task comes after its needs. */
  run(order: Int32Array, start: Float64Array): number {
    this.#profile.clear();
    this.#mutexes.clear();
    const { duration, running } = this.#problem;
    let latest = 0;
    for (const task of order) {
      const ms = duration[task] ?? 0;
      const begin = running[task] === 1 ? 0 : this.#earliest(task, ms);
      this.#profile.take(task, begin, begin + ms);
      this.#mutexes.take(task, begin, begin + ms);
      start[task] = begin;
      this.#end[task] = begin + ms;
      latest = Math.max(latest, begin + ms);
    }
    return latest;
  }

  #earliest(task: number, duration: number): number {
    let start = this.#problem.release[task] ?? 0;
    for (const need of this.#problem.needs[task] ?? []) start = Math.max(start, this.#end[need] ?? 0);
    if (!this.#hasMutexes) return this.#hasCapacities ? this.#profile.fit(task, start, duration) : start;
    for (let before = -1; before < start; ) {
      before = start;
      start = this.#mutexes.fit(task, start, duration);
      if (this.#hasCapacities) start = this.#profile.fit(task, start, duration);
    }
    return start;
  }
}

/** The pools, and the slots where they can be too few. */
function capacitiesOf({ size, slots, pools, running }: Problem): Capacity[] {
  const needed = pools.filter(({ demand, capacity }) => demand.some((units) => units > 0) && sum(demand) > capacity);
  if (slots >= size && !running.includes(1)) return needed;
  return [{ capacity: slots, demand: new Float64Array(size).fill(1) }, ...needed];
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
