/** Plans, runs and reports as text for a terminal. */

import type { BatchResults, TaskResult } from "../core/model/batch-results.ts";
import type { Conflict, Version } from "../core/model/conflict.ts";
import { costText, usageText } from "../core/model/cost-text.ts";
import { formatDuration } from "../core/model/duration.ts";
import { estimateText } from "../core/model/estimate.ts";
import type { ExecutionPlan } from "../core/model/execution-plan.ts";
import type { InstanceReport } from "../core/model/instance-report.ts";
import { planShape } from "../core/model/plan-shape.ts";
import type { Culprit, Report } from "../core/model/report.ts";
import type { ScopeRequest } from "../core/model/scope-request.ts";
import type { Planned, RunView } from "../core/orchestrator.ts";
import { columns, count, plain } from "./output.ts";
import { renderDependencies } from "./render-dependencies.ts";

export function renderPlan({ list, graph, plan }: Planned, { steering }: Pick<RunView, "steering">): string {
  const tasks = new Map(list.tasks.map((task) => [task.id, task]));
  const estimates = new Map(plan.estimates?.map((estimate) => [estimate.task_id, estimate]));
  const rows = plan.batches.flatMap((batch) =>
    batch.tasks.map((id, index) => {
      const task = tasks.get(id);
      const needs = graph.tasks[id] ?? [];
      const after = needs.length === 0 ? "" : `after ${needs.join(", ")}`;
      return [
        index > 0 ? "" : plan.mode === "streaming" ? "stream" : `batch ${batch.batch_id}`,
        id,
        estimateText(task?.estimated ?? "", estimates.get(id)),
        task?.category ?? "",
        after,
      ];
    }),
  );
  return plain(
    [
      columns(rows),
      "",
      ...steering.map(({ task_id, path, what }) => `steers          ${task_id} may change ${path} (${what})`),
      `critical path   ${graph.critical_path.join(" → ")} (${formatDuration(graph.critical_path_ms)})`,
      `in parallel     ${plan.estimated_parallel_time} in ${planShape(plan)}, at most ${plan.max_parallel} at once`,
      `one by one      ${plan.estimated_sequential_time}`,
      `saved           ${plan.time_savings} (${plan.estimated_speedup} times as fast)`,
      `lower bound     ${formatDuration(plan.lower_bound_ms)}, held by ${plan.bound_by}; this plan is ${Math.round(plan.gap * 100)} % above it`,
      ...(plan.optimal ? ["optimal         no better plan exists"] : []),
      ...(plan.trade_off === undefined ? [] : [`batches         ${plan.trade_off}`]),
      `recommendation  ${plan.recommendation}: ${plan.why}`,
      ...plan.advice.map((sentence) => `advice          ${sentence}`),
      ...renderDependencies(graph),
      ...renderEstimates(plan),
    ].join("\n"),
  );
}

/** What the plan comes to, in a few lines; all of it is `plan`. */
export function renderBrief({ list, plan }: Planned, { steering }: Pick<RunView, "steering">): string {
  const shape = planShape(plan);
  const steers = [...new Set(steering.map(({ path }) => path))];
  return plain(
    [
      `${count(list.tasks.length, "task")} in ${shape}, at most ${plan.max_parallel} at once`,
      `about ${plan.estimated_parallel_time} instead of ${plan.estimated_sequential_time} one after the other`,
      ...(steers.length === 0 ? [] : [`may change files that run or steer others: ${steers.slice(0, 5).join(", ")}`]),
      ...(plan.recommendation === "parallel" ? [] : [`worth knowing: ${plan.why}`]),
    ].join("\n"),
  );
}

function renderEstimates({ estimates = [] }: ExecutionPlan): string[] {
  const changed = estimates.filter(({ planned_ms, declared_ms }) => planned_ms !== declared_ms);
  if (changed.length === 0) return [];
  return ["", "estimates corrected by past runs:", ...changed.map(({ task_id, why }) => `  ${task_id}: ${why}`)];
}

const NARROWEST = 20;
const WIDEST = 100;

/** The plan in time, as wide as the terminal. */
export function renderGantt(view: RunView): string {
  const label = Math.max(0, ...(view.plan?.schedule ?? []).map(({ task_id }) => task_id.length));
  const room = (process.stdout.columns ?? 80) - label - 14;
  return view.gantt(Math.min(WIDEST, Math.max(NARROWEST, room))) ?? "";
}

export function renderResults(results: BatchResults): string {
  const rows = results.batches.flatMap((batch) =>
    batch.tasks.map((task, index) => [
      index === 0 ? `batch ${batch.batch_id}` : "",
      task.task_id,
      task.status,
      task.duration ?? "",
      task.error === null ? "" : task.error.message.replaceAll("\n", " ").slice(0, 120),
    ]),
  );
  return plain(columns(rows));
}

export function renderReport(report: Report): string {
  const { timings, validation, loss } = report;
  const checks = validation.checks.map(({ check, passed }) => `${check} ${passed ? "passed" : "FAILED"}`).join(", ");
  const rows = report.tasks.map((task) => {
    const change = task.result;
    const files =
      change === undefined ? "" : `${count(change.files.length, "file")} +${change.insertions} -${change.deletions}`;
    const tries = task.attempts > 1 ? `${task.attempts} attempts` : "";
    return [
      task.task_id,
      task.status,
      task.duration ?? "",
      files,
      tries,
      usageText(task.usage),
      task.error?.code ?? "",
    ];
  });
  const failed = validation.checks.filter((check) => !check.passed);
  return plain(
    [
      columns(rows),
      "",
      `final status  ${report.final_status}: ${report.summary}`,
      ...(report.instances ?? []).map(instanceLine),
      `branch        ${report.branch ?? "none"} at ${report.commit.slice(0, 12)}`,
      `checks        ${checks === "" ? "none configured: the combined state is untested" : checks}`,
      ...validation.culprits.map((culprit) => `  ${culpritText(culprit)}`),
      ...validation.set_aside.map(({ task_id, why }) => `  ${task_id} left out: ${why}`),
      ...(validation.flaky.length === 0 ? [] : [`  flaky: ${validation.flaky.join(", ")}`]),
      `conflicts     ${report.conflicts_resolved} resolved, ${report.conflicts_open.length} open`,
      `hunks         ${loss.accounted} of ${loss.hunks} accounted for`,
      ...loss.dropped.map((drop) => `  left out: ${drop.path} of ${drop.task_id} (${drop.decision})`),
      `efficiency    ${report.parallel_efficiency} (${timings.work} of work in ${timings.wall})`,
      `tokens        ${costText(report.cost)}`,
      ...report.tasks.flatMap(whyFailed),
      ...report.tasks.flatMap(besides),
      ...failed.map(({ check, output }) => `\ncheck ${check} said:\n${output.trim()}`),
    ].join("\n"),
  );
}

function instanceLine({ id, issue, title, status, branch, why }: InstanceReport): string {
  const about = issue === undefined || issue === id ? id : `${issue} (${id})`;
  const place = branch === undefined ? "" : `, on ${branch}`;
  return `  ${about}: ${status}${place}. ${why ?? title}`;
}

/** The cause in its first line, and where all of it can be read. */
function whyFailed({ task_id, status, error, log }: TaskResult): string[] {
  if (status !== "failed" || error === null) return [];
  const [cause = ""] = error.message.split("\n");
  return [`  ${task_id}: ${cause.slice(0, 300)}`, ...(log === undefined ? [] : [`    log: ${log}`])];
}

/** Lines on the work of a task that is not in the result, where it is kept, and what was noticed. */
function besides({
  task_id,
  kept = [],
  notes = [],
  granted = [],
  refused = [],
  steering = [],
  refused_writes = [],
}: TaskResult): string[] {
  return [
    ...refused_writes.map((line) => `  refused: ${task_id}: ${line}`),
    ...granted.map((path) => `  scope: ${task_id} was granted ${path}`),
    ...refused.map(({ path, why }) => `  scope: ${task_id} was refused ${path}: ${why}`),
    ...steering.map(({ path, what }) => `  steers: ${task_id} changed ${path} (${what})`),
    ...kept.map(({ attempt, ref, patch, files }) => {
      const where = [ref, patch].filter((place) => place !== undefined).join(" and ");
      return `  kept: ${task_id} attempt ${attempt}, ${count(files.length, "file")}, not accepted: ${where}`;
    }),
    ...notes.map((note) => `  note: ${task_id}: ${note}`),
  ];
}

function culpritText({ task_id, with: partners, check, repaired }: Culprit): string {
  const company = partners.length === 0 ? "" : ` together with ${partners.join(", ")}`;
  return `${task_id} broke ${check}${company}: ${repaired ? "landed with another attempt" : "left out"}`;
}

export function renderConflict(conflict: Conflict): string {
  const [first, second] = [conflict.tasks.slice(0, -1).join(", ") || "the base", conflict.tasks.at(-1) ?? ""];
  return plain(
    [
      `conflict ${conflict.conflict_id}: ${conflict.why}`,
      ...otherEnd(conflict),
      `--- ours: ${conflict.path} after ${first}`,
      versionText(conflict.ours),
      `+++ theirs: ${conflict.path} by ${second}`,
      versionText(conflict.theirs),
    ].join("\n"),
  );
}

/** Of a semantic conflict: the definition before and after, or the other addition. */
function otherEnd({ other, confidence }: Conflict): string[] {
  if (other === undefined) return [];
  const sure = confidence === undefined ? "" : ` (confidence ${confidence})`;
  const versions = [other.before, other.after].filter((text) => text !== undefined);
  return [`=== ${other.kind}: ${other.path}:${other.line}${sure}`, ...versions];
}

function versionText(version: Version): string {
  if (version.state === "text") return (version.content ?? "").replace(/\n$/, "");
  return version.state === "absent" ? "(deleted)" : `(${version.state.replace("_", " ")}, blob ${version.blob})`;
}

export function renderScopeRequest({ request_id, task_id, files, reason, refused }: ScopeRequest): string {
  const held = refused.map(({ path, why }) => `  ${path}: ${why}`);
  const asks = `${request_id}: task ${task_id} asks for ${files.join(", ")}: ${reason}`;
  return plain([asks, ...held, `decide: --choose grant or --choose refuse`].join("\n"));
}
