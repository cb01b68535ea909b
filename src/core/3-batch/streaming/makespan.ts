/** When the last task of a schedule ends. */
import type { Problem } from "../problem/problem.ts";

export function makespan({ duration }: Problem, start: Float64Array): number {
  let latest = 0;
  for (let task = 0; task < start.length; task++) latest = Math.max(latest, (start[task] ?? 0) + (duration[task] ?? 0));
  return latest;
}
