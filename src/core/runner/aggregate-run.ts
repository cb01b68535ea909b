/** Phase 5 over a whole run: everything that could be done is done; then combine what passes, account for it, report, and only then make the branch. */
import { inMergeOrder } from "../5-aggregate/merge/integrate.ts";
import { accountForLoss } from "../5-aggregate/report/account-for-loss.ts";
import { makeReport } from "../5-aggregate/report/make-report.ts";
import { failure } from "../model/failure.ts";
import type { Transition } from "../model/life.ts";
import type { Report } from "../model/report.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import { takeUp } from "../planning/take-up.ts";
import { checkProblem } from "../run/begin-run.ts";
import type { LongWork } from "../run/owned-runs.ts";
import { type OwnedRun, planned } from "../run/planned-run.ts";
import { resultsOf } from "../run/run-status.ts";
import type { Ownership } from "../run/take-run.ts";
import { leftUndone } from "../run/waiting-for.ts";
import { deliveredCommit, moveBranch, startOf } from "./deliver-run.ts";
import { endCancelled } from "./end-cancelled.ts";
import { withInstances } from "./instances-in-report.ts";
import { integrateRequest } from "./merge-run.ts";
import { runMergeTrain, type TrainOptions } from "./merge-train.ts";

export interface AggregateRequest extends Partial<AggregateOptions> {
  /** branch, tag or commit the results are put on; as the run was begun with when absent */
  onto?: string;
}

export async function beginAggregation(ownership: Ownership, request: AggregateRequest): Promise<Result<LongWork>> {
  const stopped = endCancelled(ownership);
  if (!stopped.ok) return stopped;
  const { session, ports } = ownership;
  const { run } = session;
  await takeUp(ownership);
  const context = planned(session, ports);
  if (!context.ok) return context;
  if (ports.store.artefact(run.run_id, "batch_log") === undefined) {
    return err(failure("wrong_phase", "no batch of this run has been executed yet", "call execute_batch first"));
  }
  const undone = leftUndone(context.value);
  if (undone.length > 0) {
    const message = `${undone.join(", ")} ${undone.length === 1 ? "has" : "have"} not been executed yet`;
    return err(failure("wrong_phase", message, "call execute_batch first"));
  }
  const { settings } = run;
  const strategy = request.strategy ?? settings.conflict_resolution;
  const validate = request.validate ?? settings.validate;
  const unknown = checkProblem(validate, settings);
  if (unknown !== undefined) return err(unknown);
  const onto = request.onto ?? settings.onto;
  const start = onto === undefined ? ok("") : await session.repository.resolve(onto);
  if (!start.ok) return start;
  const change = onto === undefined ? {} : { settings: { ...settings, onto } };
  session.record({ transition: "aggregate", run: { ...change, pause_requested: undefined, error: undefined } });
  const begun = {
    ...context.value,
    session: { ...session, run: { ...run, ...change, state: "aggregating" as const } },
  };
  return ok(async (signal) => {
    const report = await aggregateRun(begun, { strategy, validate }, signal);
    if (!report.ok && !signal.aborted) session.record({ transition: "fail", run: { error: report.error } });
    return "idle";
  });
}

export type AggregateOptions = Omit<TrainOptions, "start">;

/** The stored report. The branch is made or moved only for a state that passes and lost nothing. */
async function aggregateRun(
  context: OwnedRun,
  options: AggregateOptions,
  signal: AbortSignal,
): Promise<Result<Report>> {
  const { session, ports, list } = context;
  const { run, repository, record } = session;
  const start = await startOf(run, repository);
  if (!start.ok) return start;
  const green = await runMergeTrain(context, { ...options, start: start.value }, signal);
  if (!green.ok) return green;
  const { integration, validation } = green.value;
  const attempts = ports.store.attempts(run.run_id);
  const accepted = inMergeOrder(integrateRequest(context, options.strategy));
  const loss = await accountForLoss(repository, integration, accepted);
  const results = resultsOf(context);
  const now = ports.clock.now();
  const commit = await deliveredCommit(context, integration, accepted);
  const parts = { run, attempts, results, integration, validation, loss, commit, now };
  const made = await withInstances(context, makeReport({ ...parts, tasks: list.tasks }));
  const landed = await moveBranch(context, made, start.value);
  if (!landed.ok) return landed;
  const report = landed.value;
  const state = endStateOf(report);
  const finished = { type: "run_finished", state, summary: report.summary } as const;
  record({
    transition: TRANSITIONS[state],
    run: { phase: "phase_5_aggregate" },
    artefacts: { report },
    discard: ["verdicts"],
    events: [finished],
  });
  return ok(report);
}

type EndState = Extract<RunState, "awaiting_review" | "failed" | "complete">;

const TRANSITIONS = { awaiting_review: "ask", failed: "fail", complete: "complete" } as const satisfies Record<
  EndState,
  Transition
>;

function endStateOf(report: Report): EndState {
  if (report.conflicts_open.length > 0) return "awaiting_review";
  return report.final_status === "failed" ? "failed" : "complete";
}
