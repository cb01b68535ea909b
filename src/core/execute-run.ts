/** Phase 4 over a whole run: batch after batch, each from the merged state of those before, with a sync point after each. */
import { predecessors } from "./3-batch/stream-order.ts";
import { runBatch } from "./4-execute/run-batch.ts";
import { type IntegrateRequest, integrate } from "./5-aggregate/integrate.ts";
import type { MergePorts } from "./5-aggregate/merge-ports.ts";
import { takeUpAmendments } from "./amend-run.ts";
import { currentResults } from "./current-results.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { leasedTasks } from "./leased-attempts.ts";
import type { Attempt } from "./model/attempt.ts";
import type { TaskResult } from "./model/batch-results.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import type { Event } from "./model/event.ts";
import type { Batch, ExecutionPlan } from "./model/execution-plan.ts";
import type { Failure } from "./model/failure.ts";
import type { Integration, SetAside } from "./model/integration.ts";
import { mergeOrder } from "./model/merge-order.ts";
import { RunStopped } from "./model/run-stopped.ts";
import type { ScopeRequest } from "./model/scope-request.ts";
import type { Task } from "./model/task.ts";
import type { TaskList } from "./model/task-list.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import type { Repository } from "./ports/repository.ts";
import { replanRun } from "./replan-run.ts";
import { openConflicts } from "./resolve-conflict.ts";
import type { Session } from "./run-session.ts";
import { rolledBackTasks } from "./run-workflow.ts";

export interface Planned {
  list: TaskList;
  graph: DependencyGraph;
  plan: ExecutionPlan;
}

export interface ExecuteContext extends Planned {
  session: Session;
  ports: OrchestratorPorts;
}

/** How the workflow of a run, where it has one, goes on between batches. */
export interface WorkflowSteps {
  /** the run with the tasks of every phase whose turn has come */
  advance(context: ExecuteContext, signal: AbortSignal): Promise<ExecuteContext>;
  /** what is wrong with the tasks that a planning task declares */
  judge(context: ExecuteContext, task: Task, declared: unknown[]): Promise<Failure | undefined>;
}

/** Batches by their numbers, or all of them: those too that are planned while the run goes on. */
export type BatchSet = number[] | "all";

/**
 * Runs every batch of `which` that has something to do; stops early when the run is stopped or a failure asks for it. What was
 * added meanwhile is taken up before each batch. Returns the run as it is then.
 */
export async function executeBatches(
  context: ExecuteContext,
  { which, steps }: { which: BatchSet; steps: WorkflowSteps },
  signal: AbortSignal,
): Promise<ExecuteContext> {
  let current = context;
  await applyDecisions(current);
  const done = new Set<number>();
  for (;;) {
    current = await steps.advance(await takeUpAmendments(current), signal);
    if (signal.aborted || mustStop(current) || isPaused(current)) return current;
    const wanted = (batch: Batch): boolean => which === "all" || which.includes(batch.batch_id);
    const next = current.plan.batches.find((batch) => !done.has(batch.batch_id) && wanted(batch));
    if (next === undefined) return current;
    done.add(next.batch_id);
    await executeBatch(current, { batch: next, steps }, signal);
    current = aroundFailures(current, next);
  }
}

/** What waits for a task of the batch that failed will never start: the rest is planned without it. */
function aroundFailures(context: ExecuteContext, batch: Batch): ExecuteContext {
  const { session, plan } = context;
  const results = currentResults(context);
  const failed = batch.tasks.filter((id) => results.get(id)?.status === "failed");
  if (failed.length === 0) return context;
  const replanned = replanRun(context);
  if (!replanned.ok || replanned.value === plan) return context;
  const why = `${failed.join(", ")} failed; ${replanned.value.total_batches} batches now`;
  session.record({ artefacts: { execution_plan: replanned.value }, events: [{ type: "replanned", why }] });
  return { ...context, plan: replanned.value };
}

/** What a person decided since the last sync point is merged first: the tasks that waited for it start from there. */
export async function applyDecisions(context: ExecuteContext): Promise<void> {
  const { session, ports } = context;
  const previous = ports.store.artefact(session.run.run_id, "integration");
  if (previous === undefined) return;
  if (openConflicts(session.run.run_id, ports).length === previous.conflicts.length) return;
  const integration = await integrateRun(context, previous.strategy);
  session.record({ artefacts: { integration }, events: mergeEvents(previous, integration) });
}

async function executeBatch(
  context: ExecuteContext,
  { batch, steps }: { batch: Batch; steps: WorkflowSteps },
  signal: AbortSignal,
): Promise<void> {
  const { session, ports, list, plan } = context;
  const { run } = session;
  const tasks = runnableTasks(context, batch);
  if (tasks.length === 0) return;
  startBatch(context, batch);
  const integration = ports.store.artefact(run.run_id, "integration");
  await runBatch(
    {
      run,
      tasks: list.tasks.filter((task) => tasks.includes(task.id)),
      attempts: ports.store.attempts(run.run_id),
      base: integration?.tip ?? run.base_commit,
      max_parallel: plan.max_parallel,
      closed: () => isPaused(context),
    },
    { ...executePortsOf(context), judgeTasks: (task, declared) => steps.judge(context, task, declared) },
    signal,
  );
  if (!signal.aborted && !isUnfinished(context, batch)) await syncPoint(context, batch);
}

/** Somebody asked that nothing more be started. */
export function isPaused({ session, ports }: ExecuteContext): boolean {
  return ports.store.run(session.run.run_id)?.pause_requested === true;
}

/** A batch that was paused has its sync point when the rest of it has ended: what is left of it starts from the same commit. */
function isUnfinished(context: ExecuteContext, batch: Batch): boolean {
  return isPaused(context) && runnableTasks(context, batch).length > 0;
}

/** Tasks of the batch that are still to do and whose needs are merged. */
export function runnableTasks(context: ExecuteContext, batch: Batch): string[] {
  const results = currentResults(context);
  const blocked = waitingFor(context, results);
  const leased = leasedTasks(context.session.run.run_id, context.ports);
  return batch.tasks.filter((id) => (results.get(id)?.status === "pending" && !blocked.has(id)) || leased.has(id));
}

function isUndecided({ status }: ScopeRequest): boolean {
  return status === "awaiting_person";
}

/**
 * task id → what it waits for: tasks that have not ended, or conflicts and requests for scope that a person has to decide. In a
 * batch a need must be merged at a sync point; in a stream it is enough that it has ended, and conflicting tasks take turns.
 */
export function waitingFor(context: ExecuteContext, results: Map<string, TaskResult>): Map<string, string[]> {
  const integration = context.ports.store.artefact(context.session.run.run_id, "integration");
  const steps = new Map(integration?.steps.map((step) => [step.task_id, step]));
  const open = new Set(openConflicts(context.session.run.run_id, context.ports).map((found) => found.conflict_id));
  const asked = context.ports.store.scopeRequests(context.session.run.run_id).filter(isUndecided);
  const isStream = context.plan.mode === "streaming";
  const turns = isStream ? turnsOf(context) : undefined;
  const waiting = new Map<string, string[]>();
  for (const { id } of context.list.tasks) {
    const needs = context.graph.tasks[id] ?? [];
    const reasons = needs.flatMap((needed) => {
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
function turnsOf({ plan, list, graph }: ExecuteContext): Map<string, string[]> {
  const order = mergeOrder(plan, list).map((task) => task.id);
  return predecessors(order, graph);
}

export function hasEnded(result: TaskResult | undefined): boolean {
  return result?.status === "success" || result?.status === "failed" || result?.status === "skipped";
}

export function startBatch({ session, ports }: ExecuteContext, batch: Batch): void {
  const log = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  const started_at = log.find((entry) => entry.batch_id === batch.batch_id)?.started_at ?? ports.clock.now();
  const batch_log = [
    ...log.filter((entry) => entry.batch_id !== batch.batch_id),
    { batch_id: batch.batch_id, started_at },
  ];
  const event = { type: "batch_started", batch_id: batch.batch_id, tasks: batch.tasks } as const;
  session.record({ artefacts: { batch_log }, events: [event] });
}

/** Phase 4.4 — all agents of the batch have ended: merge what was accepted, and only then go on. */
export async function syncPoint(context: ExecuteContext, batch: Batch): Promise<void> {
  const { session, ports } = context;
  const previous = ports.store.artefact(session.run.run_id, "integration");
  const integration = await integrateRun(context, session.run.settings.conflict_resolution);
  const log = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  const finished_at = ports.clock.now();
  const batch_log = log.map((entry) => (entry.batch_id === batch.batch_id ? { ...entry, finished_at } : entry));
  const sync = { type: "sync_point", batch_id: batch.batch_id, commit: integration.tip } as const;
  session.record({ artefacts: { integration, batch_log }, events: [...mergeEvents(previous, integration), sync] });
}

/** Merges all accepted results with `strategy` and protects the tip by a ref; storing it is the caller's. */
export async function integrateRun(
  context: ExecuteContext,
  strategy: Integration["strategy"],
  start?: string,
): Promise<Integration> {
  const { run, repository } = context.session;
  const integration = await integrate(integrateRequest(context, strategy, start), mergePorts(context));
  await holdTip(run.run_id, integration.tip, repository);
  return integration;
}

/** By compare-and-swap: whoever else moves the run's ref at the same moment is noticed, and nothing is overwritten. */
export async function holdTip(runId: string, tip: string, repository: Repository): Promise<void> {
  const ref = `refs/forkjoin/${runId}/integration`;
  const present = await repository.readRef(ref);
  if (present === tip) return;
  const moved = await repository.moveRef(ref, tip, present);
  if (!moved.ok) throw new RunStopped(moved.error);
}

/** What merging needs of the run's repository and of the machine. */
export function mergePorts({ session, ports }: ExecuteContext): MergePorts {
  const { structuredText, mergeProgram } = ports;
  return { repository: session.repository, ...session.code, structuredText, mergeProgram };
}

export function integrateRequest(
  context: ExecuteContext,
  strategy: Integration["strategy"],
  start?: string,
): IntegrateRequest {
  const { session, ports, list, plan } = context;
  const { run } = session;
  const previous = ports.store.artefact(run.run_id, "integration");
  const set_aside = previous?.set_aside ?? [];
  return {
    ...{ run, list, plan, strategy },
    ...(start === undefined ? {} : { start }),
    attempts: landingAttempts(context, set_aside),
    decisions: ports.store.decisions(run.run_id),
    remembered: ports.store.pastDecisions(run.run_id),
    ...{ previous, set_aside },
  };
}

/** Attempts whose changes may be in the result: nothing of an instance that was rolled back. Culprits have their own record. */
function landingAttempts(context: ExecuteContext, culprits: SetAside[]): Attempt[] {
  const attempts = context.ports.store.attempts(context.session.run.run_id);
  const out = rolledBackTasks(context, currentResults(context));
  for (const { task_id } of culprits) out.delete(task_id);
  return out.size === 0 ? attempts : attempts.filter(({ task_id }) => !out.has(task_id));
}

export function mergeEvents(previous: Integration | undefined, integration: Integration): Event[] {
  const known = new Set(previous?.steps.map((step) => `${step.task_id} ${step.commit} ${step.outcome}`));
  const open = new Set(previous?.conflicts.map((conflict) => conflict.conflict_id));
  const merged = integration.steps
    .filter((step) => !known.has(`${step.task_id} ${step.commit} ${step.outcome}`))
    .map(({ task_id, commit, outcome }): Event => ({ type: "task_merged", task_id, commit, outcome }));
  const found = integration.conflicts
    .filter((conflict) => !open.has(conflict.conflict_id))
    .map(({ conflict_id, tasks, path }): Event => ({ type: "conflict_found", conflict_id, tasks, path }));
  return [...merged, ...found];
}

/** A failed critical task, or any failed task under `stop_on_failure`, ends the execution after its batch. */
export function mustStop(context: ExecuteContext): boolean {
  const results = currentResults(context);
  const strict = context.session.run.settings.failure_handling === "stop_on_failure";
  return context.list.tasks.some((task) => results.get(task.id)?.status === "failed" && (strict || task.critical));
}
