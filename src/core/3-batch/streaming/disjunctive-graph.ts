/** Phase 3, streaming — the order of the tasks in every lock as a graph: with it chosen, the earliest starts follow. */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import type { Problem } from "../problem/problem.ts";

export const NONE = -1;

/** Where a task stands in one of its groups. */
export interface Link {
  group: number;
  previous: number;
  next: number;
}

/**
 * Every task has a link for each group it is in. `head` is the earliest start, `tail` the longest way from its end to the end of the
 * plan; both belong to the orders as they were when `evaluate` was called last.
 */
export class DisjunctiveGraph {
  readonly problem: Problem;
  readonly members: MutexGroups["members"];
  readonly links: readonly (readonly Link[])[];
  readonly head: Float64Array;
  readonly tail: Float64Array;
  readonly #order: Int32Array;
  readonly #before: Int32Array;
  readonly #open: Int32Array;

  constructor(problem: Problem, { members, groups }: MutexGroups) {
    this.problem = problem;
    this.members = members;
    this.links = groups.map((row) => row.map((group) => ({ group, previous: NONE, next: NONE })));
    this.head = new Float64Array(problem.size);
    this.tail = new Float64Array(problem.size);
    this.#order = new Int32Array(problem.size);
    this.#before = new Int32Array(problem.size);
    this.#open = new Int32Array(problem.size);
  }

  link(task: number, group: number): Link {
    for (const link of this.links[task] ?? []) if (link.group === group) return link;
    throw new Error(`task ${task} is not in group ${group}`);
  }

  /** Takes the order of every group from a schedule. */
  arrange(start: Float64Array): void {
    this.#before.set(Int32Array.from(this.problem.needs, (row) => row.length));
    const { order } = this.problem;
    const place = new Int32Array(order.length);
    for (const [at, task] of order.entries()) place[task] = at;
    for (const [group, tasks] of this.members.entries()) {
      const sequence = [...tasks].sort(
        (a, b) => (start[a] ?? 0) - (start[b] ?? 0) || (place[a] ?? 0) - (place[b] ?? 0),
      );
      for (const [at, task] of sequence.entries()) {
        const link = this.link(task, group);
        link.previous = sequence[at - 1] ?? NONE;
        link.next = sequence[at + 1] ?? NONE;
        if (at > 0) this.#before[task] = (this.#before[task] ?? 0) + 1;
      }
    }
  }

  /** Heads and tails; returns when the last task ends. */
  evaluate(): number {
    const { problem, head, tail, links } = this;
    const { duration, followers } = problem;
    head.set(problem.release);
    this.#open.set(this.#before);
    let count = 0;
    for (let task = 0; task < problem.size; task++) if (this.#open[task] === 0) this.#order[count++] = task;
    let end = 0;
    for (let at = 0; at < count; at++) {
      const task = this.#order[at] ?? 0;
      const done = (head[task] ?? 0) + (duration[task] ?? 0);
      end = Math.max(end, done);
      for (const follower of followers[task] ?? []) count = this.#reach(follower, done, count);
      for (const { next } of links[task] ?? []) if (next !== NONE) count = this.#reach(next, done, count);
    }
    if (count < problem.size) throw new Error("the orders of the locks contradict each other");
    for (let at = count - 1; at >= 0; at--) {
      const task = this.#order[at] ?? 0;
      let longest = 0;
      for (const follower of followers[task] ?? []) longest = Math.max(longest, this.#from(follower));
      for (const { next } of links[task] ?? []) if (next !== NONE) longest = Math.max(longest, this.#from(next));
      tail[task] = longest;
    }
    return end;
  }

  #reach(task: number, done: number, count: number): number {
    if (done > (this.head[task] ?? 0)) this.head[task] = done;
    const open = (this.#open[task] ?? 0) - 1;
    this.#open[task] = open;
    if (open > 0) return count;
    this.#order[count] = task;
    return count + 1;
  }

  #from(task: number): number {
    return (this.tail[task] ?? 0) + (this.problem.duration[task] ?? 0);
  }

  /** Takes `task` out of its place in `group` and puts it right behind `after`; in front of all where `after` is NONE. */
  move(task: number, group: number, after: number): void {
    const link = this.link(task, group);
    const first = after === NONE ? this.#firstOf(task, group) : NONE;
    this.#join(link.previous, link.next, group);
    const behind = after === NONE ? first : this.link(after, group).next;
    this.#join(after, task, group);
    this.#join(task, behind, group);
  }

  #firstOf(task: number, group: number): number {
    let first = task;
    for (let link = this.link(first, group); link.previous !== NONE; link = this.link(first, group))
      first = link.previous;
    return first;
  }

  #join(previous: number, next: number, group: number): void {
    if (previous !== NONE) this.link(previous, group).next = next;
    if (next === NONE) return;
    const link = this.link(next, group);
    const change = (previous === NONE ? 0 : 1) - (link.previous === NONE ? 0 : 1);
    this.#before[next] = (this.#before[next] ?? 0) + change;
    link.previous = previous;
  }
}
