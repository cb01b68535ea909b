/** Phase 3, streaming — every task at the earliest time that its needs, its locks, its pools and the slots allow, and the order that makes the whole shortest. */
import type { Bound } from "./certificate/lower-bound.ts";
import type { MutexGroups } from "./problem/mutex-groups.ts";
import { keepsPriorities } from "./problem/priorities.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import type { SearchBudget } from "./search-budget.ts";
import { Justifier, type Schedule } from "./streaming/justify.ts";
import { listSchedule } from "./streaming/list-schedule.ts";
import { makespan } from "./streaming/makespan.ts";
import { isHeldByLocks, searchLockOrders } from "./streaming/search-lock-orders.ts";
import { searchOrders } from "./streaming/search-orders.ts";

/** More tasks than this are planned by the list schedule alone. */
const MOST_TASKS = 5_000;

/** The list schedule, which always completes, and where it misses the bound the best that the budget finds. */
export function planStream(
  problem: Problem,
  { bound, mutexes, budget }: { bound: Bound; mutexes: MutexGroups; budget: SearchBudget },
): Float64Array {
  const start = listSchedule(problem, criticalPathRank(problem));
  const ms = makespan(problem, start);
  if (ms <= bound.ms || problem.size > MOST_TASKS || !budget.spend(problem.size)) return start;
  const search = { bound: bound.ms, keeps: keepsPriorities(problem, start), budget };
  if (isHeldByLocks(problem, mutexes)) return searchLockOrders(problem, { mutexes, start, ...search });
  const justifier = new Justifier(problem, mutexes);
  const listed: Schedule = { order: justifier.byStart(start), start, ms };
  return searchOrders(problem, { justifier, seeds: [listed, justifier.improve(listed)], ...search }).start;
}
