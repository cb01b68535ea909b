/** Phase 4 without barriers: a task starts when what it needs has ended, from a base that depends on results alone, never on their timing. */
import { ancestors, predecessors } from "../3-batch/stream-order.ts";
import { inputsOf } from "../4-execute/inputs-of.ts";
import { type ReadyTask, runPool } from "../4-execute/run-pool.ts";
import { inMergeOrder, integrate } from "../5-aggregate/merge/integrate.ts";
import type { MergeResult } from "../5-aggregate/merge/merge-task.ts";
import type { TaskResult } from "../model/batch-results.ts";
import type { Integration } from "../model/integration.ts";
import { mergeOrder } from "../model/merge-order.ts";
import type { Task } from "../model/task.ts";
import { takeUpAmendments } from "../planning/amend-run.ts";
import { forecast } from "../planning/stream-forecast.ts";
import { currentResults } from "../run/current-results.ts";
import { leasedAttempts } from "../run/leased-attempts.ts";
import type { ExecuteContext } from "../run/planned-run.ts";
import { hasEnded, isPaused, mustStop } from "../run/waiting-for.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { applyDecisions, holdTip, integrateRequest, mergeEvents, mergePorts } from "./merge-run.ts";
import { startBatch, syncPoint, type WorkflowSteps } from "./sync-point.ts";

const LOOK_MS = 500;

interface Stream {
  context: ExecuteContext;
  /** merges made so far, by tip and source: many bases begin with the same ones */
  memory: Map<string, MergeResult>;
  /** the run with what was added and with the tasks of every workflow phase whose turn has come */
  goOn(context: ExecuteContext): Promise<ExecuteContext>;
}

function goOnWith(steps: WorkflowSteps, signal: AbortSignal): Stream["goOn"] {
  return async (context) => steps.advance(await takeUpAmendments(context), signal);
}

/** Runs what is left of the stream; stops early when the run is stopped, paused, or a failure asks for it. Returns the run as it is then. */
export async function executeStream(
  context: ExecuteContext,
  steps: WorkflowSteps,
  signal: AbortSignal,
): Promise<ExecuteContext> {
  await applyDecisions(context);
  const stream: Stream = { context, memory: new Map(), goOn: goOnWith(steps, signal) };
  stream.context = await stream.goOn(context);
  const [batch] = stream.context.plan.batches;
  if (batch === undefined || !hasOpenTasks(stream.context)) return stream.context;
  startBatch(stream.context, batch);
  const { run } = context.session;
  await runPool(
    {
      run,
      max_parallel: stream.context.plan.max_parallel,
      closed: () => isPaused(stream.context),
      ready: () => readyTasks(stream),
      changed: (over) => untilAmended(stream.context, over),
    },
    {
      ...executePortsOf(stream.context),
      judgeTasks: (task, declared) => steps.judge(stream.context, task, declared),
    },
    signal,
  );
  if (!signal.aborted && !isPaused(stream.context)) await syncPoint(stream.context, batch);
  return stream.context;
}

function hasOpenTasks(context: ExecuteContext): boolean {
  return [...currentResults(context).values()].some(({ status }) => status === "pending" || status === "running");
}

/** Work that is added wakes the stream at once; everything else it sees when a task ends. */
async function untilAmended({ session, ports }: ExecuteContext, signal: AbortSignal): Promise<void> {
  const { run_id } = session.run;
  while (!signal.aborted && ports.store.amendments(run_id).length === 0) await ports.pause(LOOK_MS, signal);
}

/** In the stream's order: every task that has not begun and whose predecessors have all ended. */
async function readyTasks(stream: Stream): Promise<ReadyTask[]> {
  stream.context = forecast(await stream.goOn(stream.context));
  await advance(stream);
  if (mustStop(stream.context)) return [];
  const { list, plan, graph, ports, session } = stream.context;
  const tasks = mergeOrder(plan, list);
  const before = predecessors(
    tasks.map((task) => task.id),
    graph,
  );
  const results = currentResults(stream.context);
  const attempts = ports.store.attempts(session.run.run_id);
  const leased = new Map(leasedAttempts(session.run.run_id, ports).map((attempt) => [attempt.task_id, attempt]));
  const ready: ReadyTask[] = [];
  for (const task of tasks) {
    const own = attempts.filter((attempt) => attempt.task_id === task.id);
    const held = leased.get(task.id);
    const base = held?.base ?? (await baseOf(task, { stream, before, results }));
    if (base !== undefined) ready.push({ task, base, attempts: own, inputs: inputsOf(task, attempts) });
  }
  return ready;
}

interface Situation {
  stream: Stream;
  before: Map<string, string[]>;
  results: Map<string, TaskResult>;
}

/** The base commit and the accepted results of all that is before the task, merged in the stream's order; undefined when it must wait. */
async function baseOf(task: Task, { stream, before, results }: Situation): Promise<string | undefined> {
  if (results.get(task.id)?.status !== "pending" || asksForScope(task, stream.context)) return undefined;
  if (!(before.get(task.id) ?? []).every((id) => hasEnded(results.get(id)))) return undefined;
  const { context, memory } = stream;
  const request = integrateRequest(context, context.session.run.settings.conflict_resolution);
  const wanted = ancestors(task.id, before);
  const attempts = request.attempts.filter((attempt) => wanted.has(attempt.task_id));
  const lane = await integrate({ ...request, attempts, memory, previous: undefined }, mergePorts(context));
  return waitsForPerson(task, lane, context) ? undefined : lane.tip;
}

/** Its next attempt waits for a decision about its scope. */
function asksForScope(task: Task, { ports, session }: ExecuteContext): boolean {
  const asked = ports.store.scopeRequests(session.run.run_id);
  return asked.some(({ task_id, status }) => task_id === task.id && status === "awaiting_person");
}

/** What the task needs is in conflict with something, and nobody has decided it yet. */
function waitsForPerson(task: Task, lane: Integration, { graph, ports, session }: ExecuteContext): boolean {
  const decided = new Set(ports.store.decisions(session.run.run_id).map((decision) => decision.conflict_id));
  const needs = new Set(graph.tasks[task.id] ?? []);
  return lane.steps.some((step) => needs.has(step.task_id) && step.conflicts.some((id) => !decided.has(id)));
}

/** The run's own lane follows as far as every task in order has ended: nothing in it is ever merged twice. */
async function advance({ context, memory }: Stream): Promise<void> {
  const { session, list, plan } = context;
  const { run, record, repository } = session;
  const results = currentResults(context);
  const order = mergeOrder(plan, list);
  const open = order.findIndex((task) => !hasEnded(results.get(task.id)));
  const ended = new Set(order.slice(0, open === -1 ? order.length : open).map((task) => task.id));
  const request = integrateRequest(context, run.settings.conflict_resolution);
  const attempts = request.attempts.filter((attempt) => ended.has(attempt.task_id));
  const merged = request.previous?.steps.length ?? 0;
  if (inMergeOrder({ list, plan, attempts }).length <= merged) return;
  const integration = await integrate({ ...request, attempts, memory }, mergePorts(context));
  await holdTip(run.run_id, integration.tip, repository);
  record({ artefacts: { integration }, events: mergeEvents(request.previous, integration) });
}
