/** Phase 4.4 — what a task was granted, refused, and changed of what steers others: in its result, so that nobody has to look for it. */

import type { TaskResult } from "../model/batch-results.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import { steeringEntries } from "../model/steering.ts";

export function withScopes(results: Map<string, TaskResult>, requests: ScopeRequest[]): Map<string, TaskResult> {
  return new Map([...results].map(([id, result]) => [id, { ...result, ...scopesOf(result, requests) }]));
}

function scopesOf(result: TaskResult, requests: ScopeRequest[]): Pick<TaskResult, "granted" | "refused" | "steering"> {
  const own = requests.filter((request) => request.task_id === result.task_id);
  const granted = [...new Set(own.flatMap((request) => request.granted))].sort();
  const got = own.flatMap((request) => request.refused).filter(({ path }) => !granted.includes(path));
  const refused = [...new Map(got.map((refusal) => [refusal.path, refusal])).values()];
  const steering = steeringEntries(result.status === "success" ? (result.result?.files ?? []) : []);
  return {
    ...(granted.length === 0 ? {} : { granted }),
    ...(refused.length === 0 ? {} : { refused }),
    ...(steering.length === 0 ? {} : { steering }),
  };
}
