/** Phase 3's certificate — the work that must lie in a stretch of time whatever the plan: if it does not fit, no plan ends that early. */
import type { Problem } from "../problem/problem.ts";
import type { Capacity } from "../streaming/profile.ts";
import { type Stretches, stretchesOf } from "./moments.ts";

/** So many additions take as long as one step of a search. */
const PER_STEP = 50;

/**
 * The least end from `bound` on at which every stretch between two moments has room for the work that cannot avoid it (energetic
 * reasoning over the earliest starts and latest ends). `spend` is asked before each moment; when it refuses, what is proven so far counts.
 */
export function energyBound(
  problem: Problem,
  capacity: Capacity,
  { bound, spend }: { bound: number; spend: (steps: number) => boolean },
): number {
  const work: Work = { ...capacity, ...stretchesOf(problem, capacity), duration: problem.duration };
  const steps = Math.ceil((work.until.length * work.tasks.length) / PER_STEP);
  let end = bound;
  for (;;) {
    let worst = 0;
    for (const begin of work.from) {
      if (!spend(steps)) return risen(end, worst, work);
      worst = Math.max(worst, worstExcess(work, begin, end));
    }
    if (worst <= 0) return end;
    end = risen(end, worst, work);
  }
}

interface Work extends Capacity, Stretches {
  duration: Float64Array;
}

/** Work that does not fit needs more time: at best all of the capacity takes it up. */
function risen(end: number, excess: number, { capacity }: Work): number {
  return excess <= 0 ? end : end + Math.max(1, Math.ceil(excess / capacity));
}

/** The most by which the work that must lie between `begin` and a later moment exceeds what fits there, when all ends at `end`. */
function worstExcess(work: Work, begin: number, end: number): number {
  let worst = 0;
  for (const behind of work.until) {
    const length = end - behind - begin;
    if (length <= 0) continue;
    worst = Math.max(worst, forced(work, begin, { end, behind }) - work.capacity * length);
  }
  return worst;
}

/** Units × milliseconds that lie between `begin` and `end − behind` even when every task avoids it as well as it can. */
function forced(
  { duration: durations, demand, tasks, head, tail }: Work,
  begin: number,
  stretch: { end: number; behind: number },
): number {
  const until = stretch.end - stretch.behind;
  let total = 0;
  for (const task of tasks) {
    const duration = durations[task] ?? 0;
    const early = (head[task] ?? 0) + duration - begin;
    const late = until - (stretch.end - (tail[task] ?? 0));
    const inside = Math.min(duration, until - begin, early, late);
    if (inside > 0) total += inside * (demand[task] ?? 0);
  }
  return total;
}
