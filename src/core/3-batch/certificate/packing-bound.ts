/** Phase 3's certificate — tasks are whole: of k × slots + 1 tasks some slot runs k + 1, at best the shortest of them. */
import type { Problem } from "../problem/problem.ts";
import type { Capacity } from "../streaming/profile.ts";
import { stretchesOf } from "./moments.ts";

/** So many looks at a task take as long as one step of a search. */
const PER_STEP = 20;

/**
 * The least end from `bound` on at which the tasks that cannot start before a moment, nor end after another, fit between the two as
 * wholes. `spend` is asked before each moment; when it refuses, what is proven so far counts.
 */
export function packingBound(
  problem: Problem,
  capacity: Capacity,
  { bound, spend }: { bound: number; spend: (steps: number) => boolean },
): number {
  const { duration } = problem;
  const { tasks, head, tail, from, until } = stretchesOf(problem, capacity);
  const slots = slotsOf(capacity, tasks);
  const longestFirst = tasks.sort((a, b) => (duration[b] ?? 0) - (duration[a] ?? 0) || a - b);
  let end = bound;
  for (const begin of from) {
    const late = longestFirst.filter((task) => (head[task] ?? 0) >= begin);
    if (late.length <= slots) break;
    if (!spend(Math.ceil((until.length * late.length) / PER_STEP))) break;
    for (const behind of until) {
      const inside = late.filter((task) => (tail[task] ?? 0) - (duration[task] ?? 0) >= behind);
      if (inside.length <= slots) break;
      end = Math.max(end, begin + packed(inside, duration, slots) + behind);
    }
  }
  return end;
}

/** Tasks of those that run at once at most; what a sum of fractions loses does not make them fewer. */
function slotsOf({ capacity, demand }: Capacity, tasks: readonly number[]): number {
  const least = tasks.reduce((smallest, task) => Math.min(smallest, demand[task] ?? 0), Infinity);
  return Math.floor(capacity / least + 1e-9);
}

function packed(longestFirst: readonly number[], duration: Float64Array, slots: number): number {
  let longest = 0;
  for (let last = slots, shared = 2; last < longestFirst.length; last += slots, shared++) {
    let together = 0;
    for (let place = last; place > last - shared; place--) together += duration[longestFirst[place] ?? 0] ?? 0;
    longest = Math.max(longest, together);
  }
  return longest;
}
