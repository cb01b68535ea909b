/** The orders in which tasks ask for a slot. */
import { tails } from "./path-lengths.ts";
import type { Problem } from "./problem.ts";

/** The tasks sorted by `compare`; equal ones keep the order of the list. */
export function sortedBy(size: number, compare: (a: number, b: number) => number): Uint32Array {
  const tasks = new Uint32Array(size);
  for (let task = 0; task < size; task++) tasks[task] = task;
  return tasks.sort((a, b) => compare(a, b) || a - b);
}

/** task → its place among the tasks sorted by `compare`. */
export function rankBy(size: number, compare: (a: number, b: number) => number): Float64Array {
  return rankOf(sortedBy(size, compare));
}

export function rankOf(order: ArrayLike<number>): Float64Array {
  const rank = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) rank[order[place] ?? 0] = place;
  return rank;
}

/** Highest level first: by priority, then the longest chain behind it, then the longest task, then the most that wait for it. */
export function criticalPathRank(problem: Problem): Float64Array {
  const { size, priority, duration, followers } = problem;
  const tail = tails(problem);
  const more = (values: Float64Array, a: number, b: number): number => (values[b] ?? 0) - (values[a] ?? 0);
  return rankBy(
    size,
    (a, b) =>
      more(priority, a, b) ||
      more(tail, a, b) ||
      more(duration, a, b) ||
      (followers[b]?.length ?? 0) - (followers[a]?.length ?? 0),
  );
}
