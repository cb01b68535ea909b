/** Phase 3, batches — the batches of a plan in their order while a search changes them; a batch keeps its number when others come and go. */
import type { Problem } from "../problem/problem.ts";
import type { Partition } from "./partition.ts";

export class BatchOrder {
  /** task → number of its batch */
  readonly where: Int32Array;
  /** batch → its tasks, in no order */
  readonly tasks: number[][];
  /** batch → its longest task */
  readonly longest: Float64Array;
  /** batch → its place, -1 where it is not in use */
  readonly place: Int32Array;
  /** numbers of the batches in use, in order */
  readonly sequence: number[] = [];
  readonly #problem: Problem;
  readonly #unused: number[] = [];

  constructor(problem: Problem) {
    const most = problem.size + 1;
    this.#problem = problem;
    this.where = new Int32Array(problem.size);
    this.tasks = Array.from({ length: most }, () => []);
    this.longest = new Float64Array(most);
    this.place = new Int32Array(most);
  }

  load(partition: Partition): void {
    this.sequence.length = 0;
    this.#unused.length = 0;
    this.place.fill(-1);
    for (let batch = this.tasks.length - 1; batch >= 0; batch--) {
      this.tasks[batch] = [...(partition[batch] ?? [])];
      if (batch >= partition.length) this.#unused.push(batch);
      for (const task of partition[batch] ?? []) this.where[task] = batch;
      this.longest[batch] = this.#longestOf(batch);
    }
    for (let batch = 0; batch < partition.length; batch++) this.sequence.push(batch);
    this.#number(0);
  }

  partition(): Partition {
    return this.sequence.map((batch) => [...(this.tasks[batch] ?? [])].sort((a, b) => a - b));
  }

  /** The place of the batch that `task` is in. */
  placeOf(task: number): number {
    return this.place[this.where[task] ?? 0] ?? 0;
  }

  /** The first and the last place `task` could have, its needs and followers staying where they are; places of batches in use. */
  window(task: number): [number, number] {
    const { needs, followers } = this.#problem;
    let [first, last] = [0, this.sequence.length - 1];
    for (const need of needs[task] ?? []) first = Math.max(first, (this.place[this.where[need] ?? 0] ?? 0) + 1);
    for (const follower of followers[task] ?? []) {
      last = Math.min(last, (this.place[this.where[follower] ?? 0] ?? 0) - 1);
    }
    return [first, last];
  }

  /** An empty batch at `place`. */
  open(place: number): number {
    const batch = this.#unused.pop() ?? 0;
    this.sequence.splice(place, 0, batch);
    this.#number(place);
    return batch;
  }

  /** Takes an empty batch out. */
  close(batch: number): void {
    const place = this.place[batch] ?? 0;
    this.sequence.splice(place, 1);
    this.place[batch] = -1;
    this.#unused.push(batch);
    this.#number(place);
  }

  /** All of `out` leave `from` for `to`, all of `back` leave `to` for `from`. */
  exchange(from: number, to: number, [out, back]: readonly [readonly number[], readonly number[]]): void {
    this.tasks[from] = [...(this.tasks[from] ?? []).filter((task) => !out.includes(task)), ...back];
    this.tasks[to] = [...(this.tasks[to] ?? []).filter((task) => !back.includes(task)), ...out];
    for (const task of out) this.where[task] = to;
    for (const task of back) this.where[task] = from;
    this.longest[from] = this.#longestOf(from);
    this.longest[to] = this.#longestOf(to);
  }

  #number(from: number): void {
    for (let place = from; place < this.sequence.length; place++) this.place[this.sequence[place] ?? 0] = place;
  }

  #longestOf(batch: number): number {
    let longest = 0;
    for (const task of this.tasks[batch] ?? []) longest = Math.max(longest, this.#problem.duration[task] ?? 0);
    return longest;
  }
}
