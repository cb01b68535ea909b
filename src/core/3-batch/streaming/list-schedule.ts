/** Phase 3, streaming — list scheduling: whenever something ends, the first tasks in rank that may start do; always completes, O((n + e) log n). */
import type { Problem } from "../problem/problem.ts";
import { TaskHeap } from "../problem/task-heap.ts";

/** The start of every task, in the unit of `duration`. `rank`: lower goes first. */
export function listSchedule(problem: Problem, rank: Float64Array, duration = problem.duration): Float64Array {
  return new ListScheduler(problem, rank, duration).run();
}

const NOBODY = -1;

/**
 * A task that cannot start waits at one thing that is in its way: a lock, a rival, or a pool. When that is free again, only the
 * first of those who wait there is looked at, and passes the chance on where something else is in its way too: so no task is looked
 * at once for every task that ends.
 */
class ListScheduler {
  readonly #problem: Problem;
  readonly #rank: Float64Array;
  readonly #duration: Float64Array;
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #open: Int32Array;
  readonly #active: Uint8Array;
  readonly #holder: Int32Array;
  readonly #used: Float64Array;
  readonly #ready: TaskHeap;
  readonly #ending: TaskHeap;
  readonly #later: TaskHeap;
  readonly #atLock = new Map<number, TaskHeap>();
  readonly #atRival = new Map<number, number[]>();
  #atPools: number[] = [];
  #free: number;
  #now = 0;

  constructor(problem: Problem, rank: Float64Array, duration: Float64Array) {
    this.#problem = problem;
    this.#rank = rank;
    this.#duration = duration;
    this.#start = new Float64Array(problem.size).fill(Number.NaN);
    this.#end = new Float64Array(problem.size);
    this.#open = Int32Array.from(problem.needs, (row) => row.length);
    this.#active = new Uint8Array(problem.size);
    this.#holder = new Int32Array(problem.lockNames.length).fill(NOBODY);
    this.#used = new Float64Array(problem.pools.length);
    this.#ready = new TaskHeap(rank);
    this.#ending = new TaskHeap(this.#end);
    this.#later = new TaskHeap(problem.release);
    this.#free = problem.slots;
  }

  run(): Float64Array {
    const { running, order } = this.#problem;
    for (const task of order) if (running[task] === 1) this.#begin(task);
    for (const task of order) if (running[task] === 0 && this.#open[task] === 0) this.#becomeReady(task);
    for (;;) {
      this.#startAll();
      if (!this.#advance()) return this.#start;
    }
  }

  #becomeReady(task: number): void {
    const isLater = (this.#problem.release[task] ?? 0) > this.#now;
    (isLater ? this.#later : this.#ready).push(task);
  }

  #startAll(): void {
    while (this.#free > 0) {
      const task = this.#ready.pop();
      if (task === undefined) return;
      if (this.#waits(task)) this.#passOn(task);
      else this.#begin(task);
    }
  }

  /** Whether something is in the way of `task`; then it waits there. */
  #waits(task: number): boolean {
    for (const lock of this.#problem.locks[task] ?? []) {
      if (this.#holder[lock] === NOBODY) continue;
      this.#queueAt(lock).push(task);
      return true;
    }
    for (const rival of this.#problem.rivals[task] ?? []) {
      if (this.#active[rival] === 0) continue;
      const waiting = this.#atRival.get(rival);
      if (waiting === undefined) this.#atRival.set(rival, [task]);
      else waiting.push(task);
      return true;
    }
    if (this.#fitsPools(task)) return false;
    this.#atPools.push(task);
    return true;
  }

  #queueAt(lock: number): TaskHeap {
    const queue = this.#atLock.get(lock) ?? new TaskHeap(this.#rank);
    this.#atLock.set(lock, queue);
    return queue;
  }

  #fitsPools(task: number): boolean {
    return this.#problem.pools.every(({ capacity, demand }, pool) => {
      const wanted = demand[task] ?? 0;
      return wanted === 0 || (this.#used[pool] ?? 0) + wanted <= capacity;
    });
  }

  /** `task` was called because a lock came free, and cannot use it: whoever waits next for its free locks is called. */
  #passOn(task: number): void {
    for (const lock of this.#problem.locks[task] ?? []) {
      if (this.#holder[lock] === NOBODY) this.#callNext(lock);
    }
  }

  #callNext(lock: number): void {
    const next = this.#atLock.get(lock)?.pop();
    if (next !== undefined) this.#ready.push(next);
  }

  #begin(task: number): void {
    this.#start[task] = this.#now;
    this.#end[task] = this.#now + (this.#duration[task] ?? 0);
    this.#active[task] = 1;
    this.#free--;
    for (const lock of this.#problem.locks[task] ?? []) this.#hold(lock, task);
    for (const [pool, { demand }] of this.#problem.pools.entries()) {
      this.#used[pool] = (this.#used[pool] ?? 0) + (demand[task] ?? 0);
    }
    this.#ending.push(task);
  }

  /** Tasks that run already may hold a lock together: then it is held until the last of them ends. */
  #hold(lock: number, task: number): void {
    const holder = this.#holder[lock] ?? NOBODY;
    if (holder === NOBODY || (this.#end[task] ?? 0) > (this.#end[holder] ?? 0)) this.#holder[lock] = task;
  }

  /** To the next moment at which a task ends or is released; false when there is none. */
  #advance(): boolean {
    const [ending, later] = [this.#ending.peek(), this.#later.peek()];
    if (ending === undefined && later === undefined) return false;
    const ends = ending === undefined ? Infinity : (this.#end[ending] ?? 0);
    const begins = later === undefined ? Infinity : (this.#problem.release[later] ?? 0);
    this.#now = Math.min(ends, begins);
    for (let task = ending; task !== undefined && this.#end[task] === this.#now; task = this.#ending.peek()) {
      this.#ending.pop();
      this.#finish(task);
    }
    for (
      let task = later;
      task !== undefined && (this.#problem.release[task] ?? 0) <= this.#now;
      task = this.#later.peek()
    ) {
      this.#later.pop();
      this.#ready.push(task);
    }
    return true;
  }

  #finish(task: number): void {
    this.#active[task] = 0;
    this.#free++;
    for (const lock of this.#problem.locks[task] ?? []) {
      if (this.#holder[lock] !== task) continue;
      this.#holder[lock] = NOBODY;
      this.#callNext(lock);
    }
    for (const waiting of this.#atRival.get(task) ?? []) this.#ready.push(waiting);
    this.#atRival.delete(task);
    this.#releasePools(task);
    for (const follower of this.#problem.followers[task] ?? []) {
      this.#open[follower] = (this.#open[follower] ?? 0) - 1;
      if (this.#open[follower] === 0) this.#becomeReady(follower);
    }
  }

  #releasePools(task: number): void {
    const { pools } = this.#problem;
    if (pools.every(({ demand }) => demand[task] === 0)) return;
    for (const [pool, { demand }] of pools.entries()) this.#used[pool] = (this.#used[pool] ?? 0) - (demand[task] ?? 0);
    for (const waiting of this.#atPools) this.#ready.push(waiting);
    this.#atPools = [];
  }
}
