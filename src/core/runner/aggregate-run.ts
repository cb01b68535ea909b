/** Phase 5 over a whole run: combine what passes, account for it, report, and only then make the branch. */
import { inMergeOrder } from "../5-aggregate/merge/integrate.ts";
import { accountForLoss } from "../5-aggregate/report/account-for-loss.ts";
import { makeReport } from "../5-aggregate/report/make-report.ts";
import type { Transition } from "../model/life.ts";
import type { Report } from "../model/report.ts";
import { ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { resultsOf } from "../run/run-status.ts";
import { deliveredCommit, moveBranch, startOf } from "./deliver-run.ts";
import { withInstances } from "./instances-in-report.ts";
import { type LandOptions, landGreen } from "./land-green.ts";
import { integrateRequest } from "./merge-run.ts";

export type AggregateOptions = Omit<LandOptions, "start">;

/** The stored report. The branch is made or moved only for a state that passes and lost nothing. */
export async function aggregateRun(
  context: OwnedRun,
  options: AggregateOptions,
  signal: AbortSignal,
): Promise<Result<Report>> {
  const { session, ports, list } = context;
  const { run, repository, record } = session;
  const start = await startOf(run, repository);
  if (!start.ok) return start;
  const green = await landGreen(context, { ...options, start: start.value }, signal);
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
  const state = stateOf(report);
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

function stateOf(report: Report): EndState {
  if (report.conflicts_open.length > 0) return "awaiting_review";
  return report.final_status === "failed" ? "failed" : "complete";
}
