/** Phase 4 in batches: each starts from the merged state of those before it, and ends with a sync point. */
import type { ReadyTask } from "../4-execute/run-pool.ts";
import type { Batch } from "../model/execution-plan.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { takeUpAmendments } from "../planning/amend-run.ts";
import type { BatchSet } from "../planning/choose-batches.ts";
import { replanRun } from "../planning/replan-run.ts";
import { currentResults } from "../run/current-results.ts";
import { heldBase } from "../run/leased-attempts.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { isPaused, isUnsynced, mustStop, runnableTasks } from "../run/waiting-for.ts";
import { advanceWorkflow } from "./advance-workflow.ts";
import { Offers } from "./offers.ts";
import type { RunSchedule } from "./run-schedule.ts";
import { startBatch, syncPoint } from "./sync-point.ts";

export class BatchSchedule implements RunSchedule {
  context: OwnedRun;
  readonly #which: BatchSet;
  readonly #signal: AbortSignal;
  readonly #offers: Offers;
  /** the batch that has begun and has not had its sync point */
  #batch: Batch | undefined;
  #begun = new Set<string>();
  readonly #synced = new Set<number>();

  constructor(context: OwnedRun, { which, signal }: { which: BatchSet; signal: AbortSignal }) {
    this.context = context;
    this.#which = which;
    this.#signal = signal;
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

  /** Tasks of the batch that could start when it began: what a decision frees meanwhile starts from a later sync point. */
  async ready(): Promise<ReadyTask[]> {
    if (this.#batch === undefined) await this.#open();
    const batch = this.#batch;
    if (batch === undefined) return [];
    const open = new Set(runnableTasks(this.context, batch).filter((id) => this.#begun.has(id)));
    return this.#offers.of(this.context.list.tasks.filter((task) => open.has(task.id)));
  }

  async base(task: Task): Promise<string> {
    const { session, ports } = this.context;
    this.#offers.take(task);
    const held = heldBase(task.id, this.context);
    return held ?? ports.store.artefact(session.run.run_id, "integration")?.tip ?? session.run.base_commit;
  }

  /** A batch that was paused has its sync point when the rest of it has ended: what is left of it starts from the same commit. */
  async after(): Promise<boolean> {
    const batch = this.#batch;
    if (batch === undefined || this.#signal.aborted) return false;
    if (isPaused(this.context) && runnableTasks(this.context, batch).length > 0) return false;
    this.#batch = undefined;
    this.#synced.add(batch.batch_id);
    await syncPoint(this.context, batch, this.#signal);
    if (this.#signal.aborted) return false;
    this.context = aroundFailures(this.context, batch);
    return true;
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#offers.changed(signal);
  }

  /** The next batch that was asked for and has something to do: tasks that can start, or a sync point that its owner did not live to make. */
  async #open(): Promise<void> {
    this.context = await advanceWorkflow(await takeUpAmendments(this.context), this.#signal);
    if (this.#signal.aborted || mustStop(this.context) || isPaused(this.context)) return;
    for (const batch of this.context.plan.batches) {
      if (this.#which !== "all" && !this.#which.includes(batch.batch_id)) continue;
      const tasks = runnableTasks(this.context, batch).filter((id) => this.#offers.isFresh(id));
      const isDone = this.#synced.has(batch.batch_id) || !isUnsynced(this.context, batch);
      if (tasks.length === 0 && isDone) continue;
      if (tasks.length > 0) startBatch(this.context, batch);
      this.#batch = batch;
      this.#begun = new Set(tasks);
      return;
    }
  }
}

/** Run replanned without the tasks that wait for a failed task of the batch: they will never start. */
function aroundFailures(context: OwnedRun, batch: Batch): OwnedRun {
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
