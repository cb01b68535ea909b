/** Phase 5 over a whole run: combine what passes, account for it, report, and only then make the branch. */

import { batchResults } from "./4-execute/batch-results.ts";
import { accountForLoss } from "./5-aggregate/account-for-loss.ts";
import { inMergeOrder } from "./5-aggregate/integrate.ts";
import { makeReport } from "./5-aggregate/make-report.ts";
import { currentResults, type ExecuteContext, integrateRequest } from "./execute-run.ts";
import { withInstances } from "./instances-in-report.ts";
import { type LandOptions, landGreen } from "./land-green.ts";
import type { BatchResults } from "./model/batch-results.ts";
import type { Report } from "./model/report.ts";
import { err, ok, type Result } from "./model/result.ts";
import type { RunState } from "./model/run.ts";

export type AggregateOptions = LandOptions;

/** The stored report. The branch is made or moved only for a state that passes and lost nothing. */
export async function aggregateRun(
  context: ExecuteContext,
  options: AggregateOptions,
  signal: AbortSignal,
): Promise<Result<Report>> {
  const { session, ports, list, plan } = context;
  const { run, repository, record } = session;
  const green = await landGreen(context, options, signal);
  if (!green.ok) return green;
  const { integration, validation } = green.value;
  const attempts = ports.store.attempts(run.run_id);
  const accepted = inMergeOrder(integrateRequest(context, options.strategy));
  const loss = await accountForLoss(repository, integration, accepted);
  const results = resultsOf(context);
  const now = ports.clock.now();
  const parts = { run, attempts, results, integration, validation, loss, now };
  const landed = await land(context, await withInstances(context, makeReport({ ...parts, tasks: list.tasks })));
  if (!landed.ok) return landed;
  const report = landed.value;
  const state = stateOf(report);
  const finished = { type: "run_finished", state, summary: report.summary } as const;
  const change = { run: { state, phase: "phase_5_aggregate" }, artefacts: { report }, discard: ["verdicts"] } as const;
  record({ ...change, discard: [...change.discard], events: [finished] });
  return ok(report);
}

export function resultsOf(context: ExecuteContext): BatchResults {
  const { session, ports, plan } = context;
  const runId = session.run.run_id;
  const times = ports.store.artefact(runId, "batch_log") ?? [];
  const history = { attempts: ports.store.attempts(runId), times, now: ports.clock.now() };
  return batchResults(plan, currentResults(context), history);
}

/** `forkjoin/<run_id>`: from nothing, or from where an earlier aggregation left it; moved by anyone else, it is not touched. */
async function land({ session, ports }: ExecuteContext, report: Report): Promise<Result<Report>> {
  const { run, repository } = session;
  if (report.final_status === "failed" || report.commit === run.base_commit) return ok(report);
  const branch = `forkjoin/${run.run_id}`;
  const ref = `refs/heads/${branch}`;
  const present = await repository.readRef(ref);
  if (present !== report.commit) {
    const last = ports.store.artefact(run.run_id, "report");
    const ours = present !== undefined && last?.branch === branch ? last.commit : undefined;
    const moved = await repository.moveRef(ref, report.commit, ours);
    if (!moved.ok) return err(moved.error);
  }
  return ok({ ...report, branch });
}

function stateOf(report: Report): RunState {
  if (report.conflicts_open.length > 0) return "awaiting_review";
  return report.final_status === "failed" ? "failed" : "complete";
}
