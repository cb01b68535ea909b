/** Phase 4 begins: the agents are there, the batches are chosen, and the run is executing, on record, before anything starts. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import { type BatchChoice, chooseBatches } from "../planning/choose-batches.ts";
import { takeUp } from "../planning/take-up.ts";
import { agentProblem } from "../run/check-agents.ts";
import { openScopeRequests } from "../run/open-questions.ts";
import type { LongWork } from "../run/owned-runs.ts";
import { planned } from "../run/planned-run.ts";
import type { Ownership } from "../run/take-run.ts";
import { hasOpenWork } from "../run/waiting-for.ts";
import { executeRun } from "./execute-run.ts";

export interface ExecuteRequest {
  choice: BatchChoice;
  /** the agent from now on; as before when absent */
  agent?: string | undefined;
}

export async function beginExecution(
  ownership: Ownership,
  { choice, agent }: ExecuteRequest,
): Promise<Result<LongWork>> {
  const stopped = endCancelled(ownership);
  if (!stopped.ok) return stopped;
  const { session, ports } = ownership;
  const { run } = session;
  await takeUp(ownership);
  const context = planned(session, ports);
  if (!context.ok) return context;
  const settings = {
    ...run.settings,
    budget: ports.configuration.budget,
    ...(agent === undefined ? {} : { agent }),
  };
  const missing = await agentProblem({ ...run, settings }, context.value.list.tasks, ports);
  if (missing !== undefined) return err(missing);
  const which = chooseBatches(context.value, choice);
  if (!which.ok) return which;
  const change = { settings, all_batches: choice === "all" };
  session.record({
    transition: "execute",
    run: { ...change, budget_spent: undefined, pause_requested: undefined, error: undefined },
  });
  const begun = { ...context.value, session: { ...session, run: { ...run, ...change, state: "executing" as const } } };
  return ok(async (signal) => {
    const left = await executeRun(begun, which.value, signal);
    if (openScopeRequests(run.run_id, ports).length > 0) return "ask";
    if (!hasOpenWork(left)) session.record({ run: { phase: "phase_4_execute" } });
    return "idle";
  });
}

/** Cancelling may have been asked for while the last owner still worked, which died before it could stop. */
export function endCancelled({ session }: Ownership): Result<void> {
  const { run } = session;
  const ended = failure("wrong_phase", "the run was cancelled", "begin a new run with decompose_work");
  if (run.state === "cancelled") return err(ended);
  if (!run.cancel_requested) return ok(undefined);
  const event = { type: "run_finished", state: "cancelled", summary: "the run is cancelled" } as const;
  session.record({ transition: "cancel", events: [event] });
  return err(ended);
}
