/** Reasons that keep a task from starting: its needs, its turn, a person's decision. One rule for all who ask. */
import { predecessors } from "../3-batch/stream-order.ts";
import type { TaskResult } from "../model/batch-results.ts";
import { softNeeds } from "../model/dependency-graph.ts";
import type { Batch } from "../model/execution-plan.ts";
import { mergeOrder } from "../model/merge-order.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import { currentResults } from "./current-results.ts";
import { leasedTasks } from "./leased-attempts.ts";
import { openConflicts } from "./open-questions.ts";
import type { PlannedRun } from "./planned-run.ts";
import { rolledBackTasks } from "./standing-workflow.ts";

/** Somebody asked that nothing more be started. */
export function isPaused({ session, ports }: PlannedRun): boolean {
  return ports.store.run(session.run.run_id)?.pause_requested === true;
}

/** Tasks of the batch that are still to do and whose needs are merged. */
export function runnableTasks(context: PlannedRun, batch: Batch): string[] {
  const results = currentResults(context);
  const blocked = waitingFor(context, results);
  const leased = leasedTasks(context.session.run.run_id, context.ports);
  return batch.tasks.filter((id) => (results.get(id)?.status === "pending" && !blocked.has(id)) || leased.has(id));
}

function isUndecided({ status }: ScopeRequest): boolean {
  return status === "awaiting_person";
}

/**
 * task id → what it waits for (a task whose code it only uses may have failed): tasks that have not ended, or conflicts and requests for scope that a person has to decide. In a
 * batch a need must be merged at a sync point; in a stream it is enough that it has ended, and conflicting tasks take turns.
 */
export function waitingFor(context: PlannedRun, results: Map<string, TaskResult>): Map<string, string[]> {
  const integration = context.ports.store.artefact(context.session.run.run_id, "integration");
  const steps = new Map(integration?.steps.map((step) => [step.task_id, step]));
  const open = new Set(openConflicts(context.session.run.run_id, context.ports).map((found) => found.conflict_id));
  const asked = context.ports.store.scopeRequests(context.session.run.run_id).filter(isUndecided);
  const isStream = context.plan.mode === "streaming";
  const turns = isStream ? turnsOf(context) : undefined;
  const waiting = new Map<string, string[]>();
  const soft = softNeeds(context.graph);
  const isLost = (id: string): boolean => ["failed", "skipped"].includes(results.get(id)?.status ?? "");
  for (const { id } of context.list.tasks) {
    const needs = context.graph.tasks[id] ?? [];
    const reasons = needs.flatMap((needed) => {
      if (isLost(needed) && soft.has(`${needed}\n${id}`)) return [];
      if (results.get(needed)?.status !== "success") return [needed];
      return steps.get(needed)?.conflicts.filter((conflict) => open.has(conflict)) ?? (isStream ? [] : [needed]);
    });
    const others = (turns?.get(id) ?? []).filter((other) => !needs.includes(other));
    reasons.push(...others.filter((other) => !hasEnded(results.get(other))));
    reasons.push(...asked.filter((request) => request.task_id === id).map((request) => request.request_id));
    if (reasons.length > 0 && results.get(id)?.status === "pending") waiting.set(id, reasons);
  }
  return waiting;
}

/** In a stream: task id → the tasks before it. */
function turnsOf({ plan, list, graph }: PlannedRun): Map<string, string[]> {
  const order = mergeOrder(plan, list).map((task) => task.id);
  return predecessors(order, graph);
}

export function hasEnded(result: TaskResult | undefined): boolean {
  return result?.status === "success" || result?.status === "failed" || result?.status === "skipped";
}

/** A failed critical task, or any failed task under `stop_on_failure`, ends the execution after its batch. */
export function mustStop(context: PlannedRun): boolean {
  const results = currentResults(context);
  const strict = context.session.run.settings.failure_handling === "stop_on_failure";
  return context.list.tasks.some((task) => results.get(task.id)?.status === "failed" && (strict || task.critical));
}

/** Something of the plan can be carried out now. */
export function hasOpenWork(context: PlannedRun): boolean {
  return context.plan.batches.some((batch) => runnableTasks(context, batch).length > 0);
}

/** The batch has begun, or results of it were accepted, and its sync point is still to come: its owner did not live to make it. */
export function isUnsynced(context: PlannedRun, { batch_id, tasks }: Batch): boolean {
  const { session, ports } = context;
  const { run_id } = session.run;
  const entry = ports.store.artefact(run_id, "batch_log")?.find((one) => one.batch_id === batch_id);
  if (entry !== undefined && entry.finished_at === undefined) return true;
  const merged = new Set(ports.store.artefact(run_id, "integration")?.steps.map(({ task_id }) => task_id));
  const results = currentResults(context);
  const out = rolledBackTasks(context, results);
  return tasks.some((id) => results.get(id)?.status === "success" && !merged.has(id) && !out.has(id));
}

/**
 * Tasks that nobody has carried out, though nothing keeps them from it: none of them failed, was paused or capped, or waits for a
 * person. A task that a client still works on is one of them. A run with such tasks has no report yet.
 */
export function leftUndone(context: PlannedRun): string[] {
  if (isPaused(context) || context.session.run.state === "paused" || mustStop(context)) return [];
  const results = currentResults(context);
  const waiting = waitingFor(context, results);
  const isOpen = ({ status }: TaskResult): boolean => status === "pending" || status === "running";
  const pending = new Set([...results].filter(([, result]) => isOpen(result)).map(([id]) => id));
  const heldUp = (id: string, seen: Set<string>): boolean =>
    (waiting.get(id) ?? []).some((reason) => {
      if (seen.has(reason)) return false;
      return pending.has(reason) ? heldUp(reason, seen.add(reason)) : !results.has(reason);
    });
  return [...pending].filter((id) => !heldUp(id, new Set([id])));
}
