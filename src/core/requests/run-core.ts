/** Parts of the orchestrator that requests need, and the ways in which what a request leaves for a run is taken up. */
import type { Failure } from "../model/failure.ts";
import { ok, type Result } from "../model/result.ts";
import type { BatchChoice } from "../planning/choose-batches.ts";
import { takeUp } from "../planning/take-up.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { Left } from "../ports/run-store.ts";
import type { OwnedRuns } from "../run/owned-runs.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { stateOf } from "../run/run-status.ts";

export interface RunCore {
  ports: OrchestratorPorts;
  live: OwnedRuns;
  execute(runId: string, choice: BatchChoice): Promise<Result<unknown>>;
  context(runId: string): Promise<Result<PlannedRun>>;
}

/** Takes the execution up again where nobody alive carries it on; what it was asked to do is on record. */
export async function resumeInterrupted(
  runId: string,
  core: Pick<RunCore, "ports" | "execute">,
): Promise<Result<void>> {
  const run = core.ports.store.run(runId);
  if (run === undefined || stateOf(run, core.ports) !== "interrupted") return ok(undefined);
  const begun = await core.execute(runId, run.all_batches ? "all" : "next");
  return begun.ok || begun.error.code === "run_busy" ? ok(undefined) : begun;
}

/** True when what was left is part of the plan now; false while whoever carries the run out has not come to its next decision. */
export async function takenUp(
  runId: string,
  left: Left,
  { ports, live }: Pick<RunCore, "ports" | "live">,
): Promise<Result<boolean>> {
  ports.notifier.notify(runId);
  const run = ports.store.run(runId);
  const state = run === undefined ? undefined : stateOf(run, ports);
  if (left.owned && (state === "executing" || state === "aggregating")) return ok(false);
  const amended = await live.withRun(runId, "amend", async (ownership) => {
    await takeUp(ownership);
    return ok(ownership.session.record({ transition: "amend" }));
  });
  if (amended.ok) return ok(true);
  return amended.error.code === "run_busy" ? ok(false) : amended;
}

/** Why the amendment of that number did not become part of the plan, if so. */
export function refusalOf(runId: string, left: Left, { store }: Pick<OrchestratorPorts, "store">): Failure | undefined {
  const refused = store
    .events(runId, 0)
    .find((event) => event.type === "amendment_refused" && event.amendment === left.seq);
  if (refused?.type !== "amendment_refused") return undefined;
  return { code: "changed_meanwhile", message: refused.message, hint: "look at the run with get_run, then ask again" };
}
