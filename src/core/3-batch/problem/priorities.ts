/** Phase 3 — priority is a rule: no search lets a task that was given more of it than others begin later than the list schedule does. */
import type { Problem } from "./problem.ts";

/** Whether a plan keeps to that: a task's place in it is when it begins, or the number of its batch. */
export type Keeps = (placeOf: (task: number) => number) => boolean;

/** `listed` are the places without any search. Every plan keeps to them where all tasks have the same priority. */
export function keepsPriorities({ priority }: Problem, listed: Float64Array): Keeps {
  const least = priority.reduce((lowest, value) => Math.min(lowest, value), Infinity);
  const raised = [...priority.keys()].filter((task) => (priority[task] ?? 0) > least);
  return (placeOf) => raised.every((task) => placeOf(task) <= (listed[task] ?? 0));
}

export function hasPriorities({ priority }: Problem): boolean {
  return priority.some((value) => value !== priority[0]);
}
