/** A run that is to start nothing more: left in the store, where whoever executes the run sees it before it starts anything. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { unknownRun } from "../run/run-session.ts";
import { stateOf } from "../run/run-status.ts";

/** The run's state: still `executing` while its tasks end. Fails with `wrong_phase` when nothing is executed that could be paused. */
export async function pauseRun(
  runId: string,
  ports: Pick<OrchestratorPorts, "store" | "owners" | "notifier" | "observe">,
): Promise<Result<RunState>> {
  const run = ports.store.run(runId);
  if (run === undefined) return err(unknownRun(runId, ports));
  const state = stateOf(run, ports);
  if (state === "paused") return ok(state);
  if (state !== "executing") {
    const hint = state === "aggregating" ? "wait for its report with get_run" : "look at it with get_run";
    return err(failure("wrong_phase", `run ${runId} is ${state}: there is nothing to pause`, hint));
  }
  const event = { type: "pause_requested" } as const;
  const left = ports.store.leave(runId, { type: "pause", events: [event] });
  if (!left.ok) return left;
  ports.observe(runId, event);
  ports.notifier.notify(runId);
  return ok(state);
}
