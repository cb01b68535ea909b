/** Phase 4 over a whole run: batch after batch, each from the merged state of those before, with a sync point after each. */
import type { ExecutePorts } from "../4-execute/execute-ports.ts";
import { inputsOf } from "../4-execute/inputs-of.ts";
import { isFinal } from "../4-execute/retry-rule.ts";
import { runPool, type TaskPool } from "../4-execute/run-pool.ts";
import type { Attempt } from "../model/attempt.ts";
import type { Batch } from "../model/execution-plan.ts";
import type { Task } from "../model/task.ts";
import { takeUpAmendments } from "../planning/amend-run.ts";
import type { BatchSet } from "../planning/choose-batches.ts";
import { replanRun } from "../planning/replan-run.ts";
import { currentResults } from "../run/current-results.ts";
import type { ExecuteContext } from "../run/planned-run.ts";
import { isPaused, mustStop, runnableTasks } from "../run/waiting-for.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { applyDecisions } from "./merge-run.ts";
import { startBatch, syncPoint, type WorkflowSteps } from "./sync-point.ts";

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

/** A batch that was paused has its sync point when the rest of it has ended: what is left of it starts from the same commit. */
function isUnfinished(context: ExecuteContext, batch: Batch): boolean {
  return isPaused(context) && runnableTasks(context, batch).length > 0;
}

interface BatchContext extends Pick<TaskPool, "run" | "max_parallel" | "closed"> {
  /** those of the batch that may run now */
  tasks: Task[];
  attempts: Attempt[];
  base: string;
}

async function runBatch(batch: BatchContext, ports: ExecutePorts, signal: AbortSignal): Promise<void> {
  const { tasks, attempts, base, ...pool } = batch;
  const earlier = (task: Task): Attempt[] => attempts.filter((attempt) => attempt.task_id === task.id);
  const work = tasks
    .map((task) => ({ task, base, attempts: earlier(task), inputs: inputsOf(task, attempts) }))
    .filter((one) => !isFinal(one.attempts));
  await runPool({ ...pool, ready: async () => work }, ports, signal);
}
