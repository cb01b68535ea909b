/** Phase 5 begins: everything that could be done is done, and the run is aggregating, on record, before anything is merged. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import { takeUp } from "../planning/take-up.ts";
import { checkProblem } from "../run/begin-run.ts";
import type { LongWork } from "../run/owned-runs.ts";
import { planned } from "../run/planned-run.ts";
import type { Ownership } from "../run/take-run.ts";
import { leftUndone } from "../run/waiting-for.ts";
import { type AggregateOptions, aggregateRun } from "./aggregate-run.ts";
import { endCancelled } from "./begin-execution.ts";

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
