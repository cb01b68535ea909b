/** Phase 3's advice — what would make the plan shorter, or shows that nothing does: each sentence measured by planning the changed work. */
import { formatDuration } from "../../model/duration.ts";
import type { Problem } from "../problem/problem.ts";

export interface AdviceRequest {
  /** milliseconds of a quick plan for a problem: the same way of planning judges before and after; undefined when time is up */
  measure: (problem: Problem) => number | undefined;
  /** tasks of the longest chain */
  chain: readonly number[];
}

/** More tasks than this are not tried again with a change. */
const MOST_TASKS = 1_000;
/** Longest tasks of the chain that are tried in two halves. */
const TRIED = 3;
/** Of the plan's time: less is not worth a sentence. */
const WORTH_SAYING = 0.02;

export function advice(problem: Problem, request: AdviceRequest): string[] {
  if (problem.size < 2 || problem.size > MOST_TASKS) return [];
  const ms = request.measure(problem);
  if (ms === undefined) return [];
  return [...splits(problem, request, ms), ...slotAdvice(problem, request, ms), ...serialised(problem, ms)];
}

function splits(problem: Problem, { measure, chain }: AdviceRequest, ms: number): string[] {
  const { duration, ids } = problem;
  const longest = [...chain].sort((a, b) => (duration[b] ?? 0) - (duration[a] ?? 0) || a - b).slice(0, TRIED);
  const saved = longest.map((task) => {
    const halved = duration.slice();
    halved[task] = (duration[task] ?? 0) / 2;
    return { task, ms: ms - (measure({ ...problem, duration: halved }) ?? ms) };
  });
  return saved
    .filter((one) => one.ms > ms * WORTH_SAYING)
    .sort((a, b) => b.ms - a.ms)
    .map(
      (one) => `splitting task ${ids[one.task]} into two that run side by side would save ${formatDuration(one.ms)}`,
    );
}

/** More slots where they help, or, halving what is between, a number that does as well as those there are, with one less that does not. */
function slotAdvice(problem: Problem, { measure }: AdviceRequest, ms: number): string[] {
  const { slots, size } = problem;
  const more = Math.min(size, 2 * slots);
  const saved = more > slots ? ms - (measure({ ...problem, slots: more }) ?? ms) : 0;
  if (saved > ms * WORTH_SAYING)
    return [`max_parallel ${more} instead of ${slots} would save ${formatDuration(saved)}`];
  let [tooFew, enough] = [0, Math.min(slots, size)];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    const reached = measure({ ...problem, slots: middle });
    if (reached === undefined) return [];
    if (reached <= ms) enough = middle;
    else tooFew = middle;
  }
  return [`max_parallel above ${enough} gains nothing`];
}

/** Locks and pools whose work fills at least half of the plan. */
function serialised(problem: Problem, ms: number): string[] {
  const { holders, lockNames, duration } = problem;
  const locks = holders.map((row, lock) => ({
    name: lockNames[lock] ?? "",
    tasks: row.length,
    ms: row.reduce((sum, task) => sum + (duration[task] ?? 0), 0),
  }));
  return locks
    .filter((lock) => lock.tasks > 1 && 2 * lock.ms >= ms)
    .sort((a, b) => b.ms - a.ms)
    .map((lock) => `lock ${lock.name} serialises ${lock.tasks} tasks, ${formatDuration(lock.ms)} of work`);
}
