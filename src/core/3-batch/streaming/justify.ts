/** Phase 3, streaming — forward-backward improvement: everything as late as it can be, then as early as it can be; it never gets longer. */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import { type Problem, reversed } from "../problem/problem.ts";
import { rankOf } from "../problem/rank.ts";
import { SerialScheduler } from "./serial-scheduler.ts";

/** A schedule and the order that gives it. */
export interface Schedule {
  order: Int32Array;
  start: Float64Array;
  ms: number;
}

export class Justifier {
  readonly #problem: Problem;
  readonly #forward: SerialScheduler;
  readonly #backward: SerialScheduler;
  readonly #place: Float64Array;
  readonly #late: Float64Array;
  readonly #key: Float64Array;

  constructor(problem: Problem, mutexes: MutexGroups) {
    this.#problem = problem;
    this.#forward = new SerialScheduler(problem, mutexes);
    this.#backward = new SerialScheduler(reversed(problem), mutexes);
    this.#place = rankOf(problem.order);
    this.#late = new Float64Array(problem.size);
    this.#key = new Float64Array(problem.size);
  }

  /** The schedule of `order`, as it comes. */
  schedule(order: Int32Array): Schedule {
    const start = new Float64Array(this.#problem.size);
    const ms = this.#forward.run(order, start);
    return { order: this.byStart(start), start, ms };
  }

  /** Backward and forward once; the shorter of this and what was given. */
  improve(given: Schedule): Schedule {
    const { duration } = this.#problem;
    for (const [task, begin] of given.start.entries()) this.#key[task] = -begin - (duration[task] ?? 0);
    this.#backward.run(this.#sorted(-1), this.#late);
    for (const [task, begin] of this.#late.entries()) this.#key[task] = -begin - (duration[task] ?? 0);
    const improved = this.schedule(this.#runningFirst(this.#sorted(1)));
    return improved.ms <= given.ms ? improved : given;
  }

  /** All tasks by their start; of those that start together, needs first. */
  byStart(start: Float64Array): Int32Array {
    this.#key.set(start);
    return this.#runningFirst(this.#sorted(1));
  }

  /** By key, then by place in the topological order or against it. */
  #sorted(direction: 1 | -1): Int32Array {
    const [key, place] = [this.#key, this.#place];
    return this.#problem.order
      .slice()
      .sort((a, b) => (key[a] ?? 0) - (key[b] ?? 0) || direction * ((place[a] ?? 0) - (place[b] ?? 0)));
  }

  #runningFirst(order: Int32Array): Int32Array {
    const { running } = this.#problem;
    if (!running.includes(1)) return order;
    return Int32Array.from([
      ...order.filter((task) => running[task] === 1),
      ...order.filter((task) => running[task] === 0),
    ]);
  }
}
