/** `$batch_results` — the plan's batches with what became of them; made anew from the attempts whenever it is asked for. */
import type { Attempt } from "../model/attempt.ts";
import type { BatchResult, BatchResults, TaskResult } from "../model/batch-results.ts";
import { formatDuration } from "../model/duration.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";

export interface BatchTimes {
  batch_id: number;
  started_at: number;
  finished_at?: number | undefined;
}

export function batchResults(
  plan: ExecutionPlan,
  results: Map<string, TaskResult>,
  history: { attempts: Attempt[]; times: BatchTimes[]; now: number },
): BatchResults {
  const batches = plan.batches.map((batch): BatchResult => {
    const tasks = batch.tasks.flatMap((id) => results.get(id) ?? []);
    const times = history.times.find((entry) => entry.batch_id === batch.batch_id);
    const ms = times === undefined ? 0 : (times.finished_at ?? history.now) - times.started_at;
    const status = statusOf(tasks, times);
    return { batch_id: batch.batch_id, status, tasks, duration: formatDuration(ms), duration_ms: ms };
  });
  return {
    batches,
    overall_status: overall(batches),
    failures: failuresOf(results),
    retries: retriesOf(history.attempts),
  };
}

function statusOf(tasks: TaskResult[], times: BatchTimes | undefined): BatchResult["status"] {
  if (times === undefined) return "pending";
  if (times.finished_at === undefined) return "running";
  const succeeded = tasks.filter((task) => task.status === "success").length;
  if (succeeded === tasks.length) return "complete";
  return succeeded === 0 ? "failed" : "partial";
}

function overall(batches: BatchResult[]): BatchResult["status"] {
  const all = (status: BatchResult["status"]): boolean => batches.every((batch) => batch.status === status);
  for (const status of ["pending", "complete", "failed"] as const) if (all(status)) return status;
  const open = batches.some((batch) => batch.status === "running" || batch.status === "pending");
  return open ? "running" : "partial";
}

function failuresOf(results: Map<string, TaskResult>): BatchResults["failures"] {
  return [...results.values()].flatMap((task) =>
    task.status === "failed" && task.error !== null
      ? [{ task_id: task.task_id, code: task.error.code, message: task.error.message }]
      : [],
  );
}

/** Every attempt after a task's first, and why there had to be one. */
function retriesOf(attempts: Attempt[]): BatchResults["retries"] {
  return attempts.flatMap((attempt) => {
    if (attempt.attempt === 1) return [];
    const before = attempts.find((other) => other.task_id === attempt.task_id && other.attempt === attempt.attempt - 1);
    const reason = before?.error?.message ?? "the process that ran it ended";
    return [{ task_id: attempt.task_id, attempt: attempt.attempt, reason }];
  });
}
