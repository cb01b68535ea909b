/** Phase 3's certificate — the moments between which a bound looks for work that must lie there. */
import { heads, tails } from "../problem/path-lengths.ts";
import type { Problem } from "../problem/problem.ts";
import type { Capacity } from "../streaming/profile.ts";

/** Moments tried at most on each side; more would cost more than they tell. */
const MOST_MOMENTS = 120;

/** The tasks that use a capacity, and what lies before and behind them whatever the plan. */
export interface Stretches {
  tasks: number[];
  /** task → earliest start */
  head: Float64Array;
  /** task → its own time and the longest chain that waits for it */
  tail: Float64Array;
  /** earliest starts, ascending */
  from: number[];
  /** times from the latest ends to the end of all, ascending */
  until: number[];
}

export function stretchesOf(problem: Problem, { demand }: Capacity): Stretches {
  const { duration } = problem;
  const tasks = [...duration.keys()].filter((task) => (duration[task] ?? 0) > 0 && (demand[task] ?? 0) > 0);
  const [head, tail] = [heads(problem), tails(problem)];
  const from = moments(tasks.map((task) => head[task] ?? 0));
  const until = moments(tasks.map((task) => (tail[task] ?? 0) - (duration[task] ?? 0)));
  return { tasks, head, tail, from, until };
}

function moments(times: readonly number[]): number[] {
  const all = [...new Set(times)].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(all.length / MOST_MOMENTS));
  return all.filter((_, place) => place % step === 0);
}
