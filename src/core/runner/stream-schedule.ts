/** Phase 4 without barriers: a task starts when what it needs has ended, from a base that depends on results alone, never on their timing. */
import { ancestors, predecessors } from "../3-batch/stream-order.ts";
import type { ReadyTask } from "../4-execute/run-pool.ts";
import type { Judge } from "../5-aggregate/judge/judge.ts";
import { inMergeOrder, integrate } from "../5-aggregate/merge/integrate.ts";
import type { MergeResult } from "../5-aggregate/merge/merge-task.ts";
import { stillOpen } from "../5-aggregate/merge/still-open.ts";
import { mergeOrder } from "../model/merge-order.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { takeUpAmendments } from "../planning/amend-run.ts";
import { forecast } from "../planning/stream-forecast.ts";
import { currentResults } from "../run/current-results.ts";
import { heldBase, leasedTasks } from "../run/leased-attempts.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { hasEnded, isPaused, isUnsynced, mustStop, waitingFor } from "../run/waiting-for.ts";
import { advanceWorkflow } from "./advance-workflow.ts";
import { holdTip, integrateRequest, judgeOf, mergeEvents, mergePorts } from "./merge-run.ts";
import { Offers } from "./offers.ts";
import type { RunSchedule } from "./run-schedule.ts";
import { startBatch, syncPoint } from "./sync-point.ts";

export class StreamSchedule implements RunSchedule {
  context: OwnedRun;
  readonly #signal: AbortSignal;
  readonly #offers: Offers;
  /** merges made so far, by tip and source: many bases begin with the same ones */
  readonly #memory = new Map<string, MergeResult>();
  readonly #judge: Judge;
  #isStarted = false;

  constructor(context: OwnedRun, signal: AbortSignal) {
    this.context = context;
    this.#signal = signal;
    this.#judge = judgeOf(context, signal);
    this.#offers = new Offers(context);
  }

  get run(): Run {
    return this.context.session.run;
  }

  get max_parallel(): number {
    return this.context.plan.max_parallel;
  }

  closed(): boolean {
    return isPaused(this.context);
  }

  /** In the stream's order: every task that has not begun and waits for nothing. */
  async ready(): Promise<ReadyTask[]> {
    this.context = await advanceWorkflow(await takeUpAmendments(this.context), this.#signal);
    this.context = forecast(this.context);
    await this.#advance();
    if (mustStop(this.context)) return [];
    const { list, plan } = this.context;
    const results = currentResults(this.context);
    const blocked = waitingFor(this.context, results);
    const leased = leasedTasks(this.run.run_id, this.context.ports);
    const isReady = ({ id }: Task): boolean =>
      leased.has(id) || (results.get(id)?.status === "pending" && !blocked.has(id));
    const ready = this.#offers.of(mergeOrder(plan, list).filter(isReady));
    if (ready.length > 0) this.#start();
    return ready;
  }

  /** The base commit and the accepted results of all that is before the task, merged in the stream's order; undefined when a person must decide first. */
  async base(task: Task): Promise<string | undefined> {
    const { context } = this;
    const base = heldBase(task.id, context) ?? (await this.#mergedBase(task));
    if (base !== undefined) this.#offers.take(task);
    return base;
  }

  async #mergedBase(task: Task): Promise<string | undefined> {
    const { context } = this;
    const { list, plan, graph, session } = context;
    const order = mergeOrder(plan, list).map(({ id }) => id);
    const request = integrateRequest(context, session.run.settings.conflict_resolution);
    const wanted = ancestors(task.id, predecessors(order, graph));
    const attempts = request.attempts.filter((attempt) => wanted.has(attempt.task_id));
    const sequence = await integrate(
      { ...request, attempts, memory: this.#memory, previous: undefined },
      mergePorts(context, this.#judge),
    );
    const open = new Set(stillOpen(sequence.conflicts, request.decisions).map(({ conflict_id }) => conflict_id));
    const needs = new Set(graph.tasks[task.id] ?? []);
    const waits = sequence.steps.some((step) => needs.has(step.task_id) && step.conflicts.some((id) => open.has(id)));
    return waits ? undefined : sequence.tip;
  }

  /** The stream ends with one sync point, when nothing of it is left to do. */
  async after(): Promise<boolean> {
    const [batch] = this.context.plan.batches;
    if (batch === undefined || this.#signal.aborted || isPaused(this.context)) return false;
    if (this.#isStarted || isUnsynced(this.context, batch)) await syncPoint(this.context, batch, this.#signal);
    this.#isStarted = false;
    return false;
  }

  /** Work that is added wakes the stream at once; everything else it sees when a task ends. */
  changed(signal: AbortSignal): Promise<void> {
    const { session, ports } = this.context;
    if (ports.store.amendments(session.run.run_id).length > 0) return Promise.resolve();
    return this.#offers.changed(signal);
  }

  #start(): void {
    const [batch] = this.context.plan.batches;
    if (!this.#isStarted && batch !== undefined) startBatch(this.context, batch);
    this.#isStarted = true;
  }

  /** The run's own sequence follows as far as every task in order has ended: nothing in it is ever merged twice. */
  async #advance(): Promise<void> {
    const { context } = this;
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
    const integration = await integrate(
      { ...request, attempts, memory: this.#memory },
      mergePorts(context, this.#judge),
    );
    if (this.#signal.aborted) return;
    await holdTip(run.run_id, integration.tip, repository);
    record({ artefacts: { integration }, events: mergeEvents(request.previous, integration) });
  }
}
