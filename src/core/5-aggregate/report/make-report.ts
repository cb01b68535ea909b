/** Phase 5.4 — the aggregate report, with the efficiency that was measured, not estimated. */
import type { Attempt } from "../../model/attempt.ts";
import type { BatchResults, TaskResult } from "../../model/batch-results.ts";
import { formatDuration } from "../../model/duration.ts";
import type { Integration } from "../../model/integration.ts";
import type { Cost, Culprit, FinalStatus, Loss, Report, Validation } from "../../model/report.ts";
import type { Run } from "../../model/run.ts";
import type { Task } from "../../model/task.ts";
import { totalUsage } from "../../model/usage.ts";
import { reportedMerges } from "./reported-merges.ts";

export interface ReportRequest {
  run: Run;
  tasks: Task[];
  attempts: Attempt[];
  results: BatchResults;
  integration: Integration;
  validation: Validation;
  loss: Loss;
  /** what the branch will point to */
  commit: string;
  now: number;
}

/** Report without the branch, which is made only after the status is known. */
export function makeReport(request: ReportRequest): Report {
  const tasks = request.results.batches.flatMap((batch) => batch.tasks);
  const count = (status: TaskResult["status"]): number => tasks.filter((task) => task.status === status).length;
  const timings = timingsOf(request);
  const succeeded = count("success");
  const failed = count("failed");
  const final_status = statusOf(request, tasks);
  const report = {
    workflow: "parallel_orchestration" as const,
    run_id: request.run.run_id,
    tasks_total: tasks.length,
    tasks_succeeded: succeeded,
    tasks_failed: failed,
    tasks_skipped: tasks.length - succeeded - failed,
    parallel_efficiency: timings.wall_ms === 0 ? 1 : Math.round((timings.work_ms / timings.wall_ms) * 100) / 100,
    batches_executed: request.results.batches.filter((batch) => batch.status !== "pending").length,
    conflicts_resolved: request.integration.steps.reduce((sum, step) => sum + step.settled, 0),
    conflicts_open: request.integration.conflicts.map((conflict) => conflict.conflict_id),
    merges: request.integration.steps.flatMap((step) => reportedMerges(step, request.validation)),
    final_status,
    branch: null,
    commit: request.commit,
    ...ontoOf(request),
    validation: request.validation,
    loss: request.loss,
    tasks,
    timings,
    cost: costOf(request.attempts),
  };
  return { ...report, summary: summaryOf(report) };
}

/**
 * `failed` when the combined state fails its checks, a critical task failed, something was lost, or nothing succeeded;
 * `partial` when part of the work is missing or waits; `success` otherwise.
 */
function statusOf({ tasks, validation, integration, loss }: ReportRequest, results: TaskResult[]): FinalStatus {
  const succeeded = new Set(results.filter((task) => task.status === "success").map((task) => task.task_id));
  const criticalFailed = tasks.some((task) => task.critical && !succeeded.has(task.id));
  if (validation.passed === false || criticalFailed || loss.accounted < loss.hunks || succeeded.size === 0)
    return "failed";
  return succeeded.size < results.length || integration.conflicts.length > 0 ? "partial" : "success";
}

/** Work: the durations of each task's final attempt, plus validation. Wall: from the first start to the end of validation. */
function timingsOf({ attempts, validation, now }: ReportRequest): Report["timings"] {
  const last = new Map(attempts.map((attempt) => [attempt.task_id, attempt]));
  const tasks = [...last.values()].reduce(
    (sum, { started_at, finished_at }) => sum + ((finished_at ?? started_at) - started_at),
    0,
  );
  const work_ms = tasks + validation.duration_ms;
  const wall_ms = attempts.length === 0 ? 0 : now - Math.min(...attempts.map((attempt) => attempt.started_at));
  return {
    wall: formatDuration(wall_ms),
    wall_ms,
    work: formatDuration(work_ms),
    work_ms,
    validation_ms: validation.duration_ms,
  };
}

function ontoOf({ run, integration }: ReportRequest): Pick<Report, "onto"> {
  const ref = run.settings.onto;
  return ref === undefined ? {} : { onto: { ref, commit: integration.base } };
}

function costOf(attempts: Attempt[]): Cost {
  const usages = attempts.map((attempt) => attempt.usage);
  const unreported = usages.filter((usage) => usage === undefined).length;
  return { ...(totalUsage(usages) ?? { input_tokens: 0, output_tokens: 0 }), attempts_unreported: unreported };
}

function culpritText({ task_id, with: partners, check }: Culprit): string {
  const company = partners.length === 0 ? "" : ` together with ${partners.join(", ")}`;
  return `${task_id} breaks ${check}${company} and was left out`;
}

function summaryOf(report: Omit<Report, "summary">): string {
  const { tasks_succeeded, tasks_total, tasks_failed, tasks_skipped, validation, loss } = report;
  const checks = validation.checks.filter((check) => !check.passed).map((check) => check.check);
  const said = [
    `${tasks_succeeded} of ${tasks_total} tasks succeeded`,
    tasks_failed > 0 ? `${tasks_failed} failed` : "",
    tasks_skipped > 0 ? `${tasks_skipped} skipped` : "",
    report.conflicts_open.length > 0 ? `${report.conflicts_open.length} conflicts wait for a decision` : "",
    validation.passed === null ? "no checks are configured, so the combined state is untested" : "",
    validation.passed === true ? "the combined state passes its checks" : "",
    ...validation.culprits.filter((culprit) => !culprit.repaired).map(culpritText),
    validation.passed === false ? `the combined state FAILS ${checks.join(", ")}, so no branch was made` : "",
    validation.base_failed.length > 0
      ? `${validation.base_failed.join(", ")} failed before any task began, on the base commit: nobody is to blame`
      : "",
    validation.inconsistent === undefined ? "" : `the verdicts contradict each other: ${validation.inconsistent}`,
    ...scopeTexts(report.tasks),
    loss.accounted < loss.hunks
      ? `${loss.hunks - loss.accounted} hunks are unaccounted for, so no branch was made`
      : "",
  ];
  return said.filter((part) => part !== "").join("; ");
}

/** Lines of the summary on changes beyond the declared scope and on files that steer others, for readers of the summary alone. */
function scopeTexts(tasks: TaskResult[]): string[] {
  const grants = tasks.flatMap(({ task_id, granted = [] }) => granted.map((path) => `${path} to ${task_id}`));
  const asked = tasks.flatMap(({ task_id, refused = [] }) => refused.map(({ path }) => `${path} to ${task_id}`));
  const steering = tasks.flatMap((task) => (task.steering ?? []).map(({ path, what }) => `${path} (${what})`));
  const walled = tasks.filter((task) => task.status === "success" && (task.refused_writes ?? []).length > 0);
  const names = walled.map(({ task_id }) => task_id);
  return [
    names.length === 0 ? "" : `tried to write outside their scope and succeeded without it: ${abbreviated(names)}`,
    grants.length === 0 ? "" : `granted beyond the declared scope: ${abbreviated(grants)}`,
    asked.length === 0 ? "" : `refused: ${abbreviated(asked)}`,
    steering.length === 0 ? "" : `this run changes what runs or steers others: ${abbreviated(steering)}`,
  ];
}

function abbreviated(names: string[]): string {
  return `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}
