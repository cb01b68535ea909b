/** A run that is to start nothing more: a flag in the store, which whoever executes the run sees before it starts anything. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { openSession } from "../run/run-session.ts";
import { stateOf } from "../run/run-status.ts";

/** The run's state: still `executing` while its tasks end. Fails with `wrong_phase` when nothing is executed that could be paused. */
export async function pauseRun(runId: string, ports: OrchestratorPorts): Promise<Result<RunState>> {
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const state = stateOf(session.value.run, ports);
  if (state === "paused") return ok(state);
  if (state !== "executing") {
    const hint = state === "aggregating" ? "wait for its report with get_run" : "look at it with get_run";
    return err(failure("wrong_phase", `run ${runId} is ${state}: there is nothing to pause`, hint));
  }
  session.value.record({ run: { pause_requested: true }, events: [{ type: "pause_requested" }] });
  ports.bell.ring(runId);
  return ok(state);
}
