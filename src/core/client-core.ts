/** What a client's calls need of the orchestrator, and the way a run whose server died goes on when one of its clients calls. */
import type { BatchChoice } from "./choose-batches.ts";
import type { ExecuteContext } from "./execute-run.ts";
import { ok, type Result } from "./model/result.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import { stateOf } from "./run-status.ts";

export interface ClientCore {
  ports: OrchestratorPorts;
  execute(runId: string, choice: BatchChoice): Promise<Result<ExecuteContext>>;
  context(runId: string): Promise<Result<ExecuteContext>>;
}

/** Takes the execution up again where nobody alive carries it on; what it was asked to do is on record. */
export async function goOn(runId: string, core: ClientCore): Promise<Result<void>> {
  const run = core.ports.store.run(runId);
  if (run === undefined || stateOf(run, core.ports) !== "interrupted") return ok(undefined);
  const begun = await core.execute(runId, run.all_batches ? "all" : "next");
  return begun.ok || begun.error.code === "run_busy" ? ok(undefined) : begun;
}
