/** A queue of tasks, the one with the smallest key first; of equal keys the lowest place, so that every order is one order. */
export class TaskHeap {
  readonly #keys: Float64Array;
  readonly #tasks: number[] = [];

  /** `keys` may change for tasks that are not inside. */
  constructor(keys: Float64Array) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#tasks.length;
  }

  peek(): number | undefined {
    return this.#tasks[0];
  }

  push(task: number): void {
    const tasks = this.#tasks;
    let place = tasks.length;
    tasks.push(task);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = tasks[above] ?? 0;
      if (!this.#before(task, other)) break;
      tasks[place] = other;
      place = above;
    }
    tasks[place] = task;
  }

  pop(): number | undefined {
    const tasks = this.#tasks;
    const first = tasks[0];
    const last = tasks.pop();
    if (last !== undefined && tasks.length > 0) this.#sink(last);
    return first;
  }

  /** Puts `task` on top and lets it sink to its place. */
  #sink(task: number): void {
    const tasks = this.#tasks;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= tasks.length) break;
      if (child + 1 < tasks.length && this.#before(tasks[child + 1] ?? 0, tasks[child] ?? 0)) child++;
      const below = tasks[child] ?? 0;
      if (!this.#before(below, task)) break;
      tasks[place] = below;
      place = child;
    }
    tasks[place] = task;
  }

  #before(a: number, b: number): boolean {
    const difference = (this.#keys[a] ?? 0) - (this.#keys[b] ?? 0);
    return difference < 0 || (difference === 0 && a < b);
  }
}
