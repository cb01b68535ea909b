/** Phase 3, streaming — every task at the earliest time that its needs, its locks, its pools and the slots allow, the critical chain first. */
import type { Bound } from "./certificate/lower-bound.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import type { SearchBudget } from "./search-budget.ts";
import { listSchedule } from "./streaming/list-schedule.ts";

export function planStream(problem: Problem, bound: Bound, budget: SearchBudget): Float64Array {
  const start = listSchedule(problem, criticalPathRank(problem));
  if (makespan(problem, start) <= bound.ms || !budget.spend(problem.size)) return start;
  return start;
}

/** When the last task ends. */
export function makespan({ duration }: Problem, start: Float64Array): number {
  let latest = 0;
  for (let task = 0; task < start.length; task++) latest = Math.max(latest, (start[task] ?? 0) + (duration[task] ?? 0));
  return latest;
}
