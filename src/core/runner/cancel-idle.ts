/** A run that is cancelled while nobody works on it: what clients did is kept like that of every unfinished attempt, and nothing stays on disk. */
import { adoptAttempt } from "../4-execute/run-attempt.ts";
import { ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import { leasedAttempts } from "../run/leased-attempts.ts";
import { type OwnedRun, planned } from "../run/planned-run.ts";
import type { Ownership } from "../run/take-run.ts";
import { executePortsOf } from "./execute-ports-of.ts";

async function endLeased(context: OwnedRun): Promise<void> {
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

/** For a piece of work that owns the run to cancel it: what clients and dead processes left of it is kept, and removed from disk. */
export async function cancelIdle({ session, ports }: Ownership): Promise<Result<RunState>> {
  const context = planned(session, ports);
  if (context.ok) await endLeased(context.value);
  await session.workspaces.reap(session.run.run_id);
  session.record({ transition: "cancel" });
  return ok("cancelled");
}
