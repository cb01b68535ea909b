/** A run that is cancelled while nobody works on it: what clients did is kept like that of every unfinished attempt, and nothing stays on disk. */
import { adoptAttempt } from "../4-execute/run-attempt.ts";
import { ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { leasedAttempts } from "../run/leased-attempts.ts";
import { type ExecuteContext, planned } from "../run/planned-run.ts";
import { takeOver } from "../run/take-over.ts";
import { executePortsOf } from "./execute-ports-of.ts";

export async function endLeased(context: ExecuteContext): Promise<void> {
  const { session, ports, list } = context;
  const { run } = session;
  const means = { ports: executePortsOf(context), signal: AbortSignal.abort("cancelled") };
  for (const attempt of leasedAttempts(run.run_id, ports)) {
    const task = list.tasks.find((candidate) => candidate.id === attempt.task_id);
    if (task === undefined) continue;
    const attempted = {
      run,
      task,
      base: attempt.base,
      inputs: [],
      number: attempt.attempt,
      failed: [],
    };
    await adoptAttempt(attempted, attempt, means);
  }
}

/** Cancels a run that nobody works on; what a dead process left of it is removed. */
export async function cancelIdle(runId: string, reason: string, ports: OrchestratorPorts): Promise<Result<RunState>> {
  const taken = await takeOver(runId, ports);
  if (!taken.ok) return taken;
  const { session, epoch } = taken.value;
  const context = planned(session, ports);
  if (context.ok) await endLeased(context.value);
  await session.workspaces.reap(runId);
  session.record({ run: { state: "cancelled" }, events: [{ type: "cancel_requested", reason }] });
  ports.store.release(runId, epoch);
  return ok("cancelled");
}
