/** Phase 3's certificate — the work that must lie in a stretch of time whatever the plan: if it does not fit, no plan ends that early. */
import { heads, tails } from "../problem/path-lengths.ts";
import type { Problem } from "../problem/problem.ts";
import type { Capacity } from "../streaming/profile.ts";

/** Moments tried at most on each side; more would cost more than they tell. */
const MOST_MOMENTS = 120;
/** So many additions take as long as one step of a search. */
const PER_STEP = 50;

/**
 * The least end from `bound` on at which every stretch between two moments has room for the work that cannot avoid it (energetic
 * reasoning over the earliest starts and latest ends). `spend` is asked before each round; when it refuses, what is proven so far counts.
 */
export function energyBound(
  problem: Problem,
  { capacity, demand }: Capacity,
  { bound, spend }: { bound: number; spend: (steps: number) => boolean },
): number {
  const tasks = [...problem.duration.keys()].filter(
    (task) => (problem.duration[task] ?? 0) > 0 && (demand[task] ?? 0) > 0,
  );
  const [head, tail] = [heads(problem), tails(problem)];
  const work = { problem, capacity, demand, tasks, head, tail };
  const [from, until] = [moments(tasks, (task) => head[task] ?? 0), latestMoments(work)];
  let end = bound;
  for (;;) {
    if (!spend(Math.ceil((from.length * until.length * tasks.length) / PER_STEP))) return end;
    const excess = worstExcess(work, end, { from, until });
    if (excess <= 0) return end;
    end += Math.max(1, Math.ceil(excess / capacity));
  }
}

interface Work {
  problem: Problem;
  capacity: number;
  demand: Float64Array;
  tasks: number[];
  head: Float64Array;
  tail: Float64Array;
}

/** How long before the end the tasks' latest ends and latest starts are. */
function latestMoments({ problem, tasks, tail }: Work): number[] {
  return moments(tasks, (task) => (tail[task] ?? 0) - (problem.duration[task] ?? 0));
}

function moments(tasks: readonly number[], timeOf: (task: number) => number): number[] {
  const all = [...new Set(tasks.map(timeOf))].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(all.length / MOST_MOMENTS));
  return all.filter((_, place) => place % step === 0);
}

/** The most by which the work that must lie between two moments exceeds what fits there, when all ends at `end`. */
function worstExcess(work: Work, end: number, { from, until }: { from: number[]; until: number[] }): number {
  let worst = 0;
  for (const begin of from) {
    for (const behind of until) {
      const length = end - behind - begin;
      if (length <= 0) continue;
      worst = Math.max(worst, forced(work, begin, { end, behind }) - work.capacity * length);
    }
  }
  return worst;
}

/** Units × milliseconds that lie between `begin` and `end − behind` even when every task avoids it as well as it can. */
function forced(
  { problem, demand, tasks, head, tail }: Work,
  begin: number,
  stretch: { end: number; behind: number },
): number {
  const until = stretch.end - stretch.behind;
  let total = 0;
  for (const task of tasks) {
    const duration = problem.duration[task] ?? 0;
    const early = (head[task] ?? 0) + duration - begin;
    const late = until - (stretch.end - (tail[task] ?? 0));
    const inside = Math.min(duration, until - begin, early, late);
    if (inside > 0) total += inside * (demand[task] ?? 0);
  }
  return total;
}
