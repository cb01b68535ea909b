/** Phase 3 while a run goes on: what has begun stays, with the time it took or has taken; the rest is planned from now. */
import type { Begun } from "../3-batch/plan-request.ts";
import { afterStarted, predecessors, streamOrder } from "../3-batch/stream-order.ts";
import { SYNC_OVERHEAD_MS } from "../3-batch/sync-overhead.ts";
import type { Estimate } from "../model/estimate.ts";
import type { ExecutionPlan, ScheduledTask } from "../model/execution-plan.ts";
import { ok, type Result } from "../model/result.ts";
import { currentResults } from "../run/current-results.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { estimatesOf, planRun } from "./plan-run.ts";

/** `context` with the list and graph as they are now; its plan is the one until now. */
export function replanRun(context: PlannedRun): Result<ExecutionPlan> {
  return context.plan.mode === "streaming" ? replanStream(context) : replanBatches(context);
}

/**
 * Batches that have begun keep number, tasks and place. The rest keeps its order, with new tasks put in where they fit, unless a
 * dependency or a conflict forces another, or planning it anew is more than a tenth faster.
 */
function replanBatches(context: PlannedRun): Result<ExecutionPlan> {
  const { session, ports, list, graph, plan } = context;
  const { settings, run_id } = session.run;
  const log = ports.store.artefact(run_id, "batch_log") ?? [];
  const begun = new Set(log.map((entry) => entry.batch_id));
  const kept = plan.batches.filter((batch) => begun.has(batch.batch_id));
  const keptIds = new Set(kept.flatMap((batch) => batch.tasks));
  const lost = skippedTasks(context).filter((id) => !keptIds.has(id));
  if (list.tasks.every((task) => keptIds.has(task.id) || lost.includes(task.id))) return ok(plan);
  const past = kept.reduce((sum, batch) => sum + batch.estimated_time_ms + SYNC_OVERHEAD_MS, 0);
  const never = lost.map((task_id) => ({ task_id, slot: 1, start_ms: past, end_ms: past }));
  const fresh = planRun({
    ...{
      list,
      graph,
      settings,
      estimates: frozen(context),
      mode: plan.mode,
      objective: plan.objective,
      max_parallel: plan.max_parallel,
    },
    previous: plan.batches.filter((batch) => !begun.has(batch.batch_id)).map((batch) => batch.tasks),
    begun: {
      now_ms: past,
      tasks: [...plan.schedule.filter(({ task_id }) => keptIds.has(task_id)), ...never],
      batches: kept,
    },
  });
  if (!fresh.ok || kept.length === 0) return fresh;
  return ok(withSkipped({ ...fresh.value, why: `of what has not begun: ${fresh.value.why}` }, lost, context));
}

/** Tasks that will never start, because one they need has failed. */
function skippedTasks(context: PlannedRun): string[] {
  return [...currentResults(context).values()].filter(({ status }) => status === "skipped").map((task) => task.task_id);
}

/** Every task is in a batch: those that will never start are in the last one, where they hold nothing up. */
function withSkipped(plan: ExecutionPlan, lost: string[], { list }: PlannedRun): ExecutionPlan {
  const last = plan.batches.at(-1);
  if (lost.length === 0 || last === undefined) return plan;
  const placed = new Set(plan.batches.flatMap((batch) => batch.tasks));
  const missing = lost.filter((id) => !placed.has(id));
  const ids = new Set([...last.tasks, ...missing]);
  const tasks = list.tasks.map((task) => task.id).filter((id) => ids.has(id));
  return { ...plan, batches: [...plan.batches.slice(0, -1), { ...last, tasks }] };
}

/** The order of what is known stays, so that the same results merge to the same tree whenever they come. */
function replanStream(context: PlannedRun): Result<ExecutionPlan> {
  const { session, list, graph, plan } = context;
  const ids = list.tasks.map((task) => task.id);
  const places = new Map((plan.order ?? []).map((id, place) => [id, place]));
  const begun = begunTasks(context);
  const started = new Set(begun?.tasks.map((entry) => entry.task_id));
  const order = streamOrder(ids, afterStarted(graph, started, places), places);
  const before = predecessors(order, graph);
  const replanned = planRun({
    list,
    graph: { ...graph, tasks: Object.fromEntries(before), conflicts: [] },
    settings: session.run.settings,
    order,
    mode: plan.mode,
    max_parallel: plan.max_parallel,
    objective: plan.objective,
    begun,
    time_budget_ms: 0,
    estimates: frozen(context),
  });
  return replanned.ok ? ok({ ...replanned.value, order }) : replanned;
}

/** Estimates that the plan has counted with; only tasks that came since are estimated by what is known now. */
function frozen({ session, ports, list, plan }: PlannedRun): Estimate[] {
  const planned = new Set(plan.schedule.map(({ task_id }) => task_id));
  const known = new Map((plan.estimates ?? []).map((estimate) => [estimate.task_id, estimate]));
  const fresh = estimatesOf(
    session.run,
    list.tasks.filter((task) => !planned.has(task.id)),
    ports.store,
  );
  for (const estimate of fresh) known.set(estimate.task_id, estimate);
  return list.tasks.flatMap((task) => known.get(task.id) ?? []);
}

/** On the stream's clock, which begins with its first task; undefined before that. */
function begunTasks(context: PlannedRun): Begun | undefined {
  const { session, ports, list, plan } = context;
  const attempts = ports.store.attempts(session.run.run_id);
  const first = attempts.reduce((earliest, { started_at }) => Math.min(earliest, started_at), Number.POSITIVE_INFINITY);
  if (first === Number.POSITIVE_INFINITY) return undefined;
  const now_ms = Math.max(0, ports.clock.now() - first);
  const results = currentResults(context);
  const planned = new Map(plan.schedule.map((entry) => [entry.task_id, entry]));
  const estimates = new Map(plan.estimates?.map(({ task_id, planned_ms }) => [task_id, planned_ms]));
  const tasks = list.tasks.flatMap((task): ScheduledTask[] => {
    const status = results.get(task.id)?.status ?? "pending";
    const own = attempts.filter((attempt) => attempt.task_id === task.id);
    const slot = planned.get(task.id)?.slot ?? 1;
    if (status === "skipped") return [{ task_id: task.id, slot, start_ms: now_ms, end_ms: now_ms }];
    if (status === "pending" || own[0] === undefined) return [];
    const start_ms = own[0].started_at - first;
    const ended = (own.at(-1)?.finished_at ?? 0) - first;
    const expected = Math.max(now_ms + 1, start_ms + (estimates.get(task.id) ?? task.estimated_ms));
    return [{ task_id: task.id, slot, start_ms, end_ms: status === "running" ? expected : Math.min(now_ms, ended) }];
  });
  return { now_ms, tasks, batches: [] };
}
