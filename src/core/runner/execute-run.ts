/** Phase 4 over a whole run: what it needs is there and on record before anything starts; then one loop, scheduled in batches or as a stream, as the plan says. */
import { runPool } from "../4-execute/run-pool.ts";
import { err, ok, type Result } from "../model/result.ts";
import { type BatchChoice, type BatchSet, chooseBatches } from "../planning/choose-batches.ts";
import { takeUp } from "../planning/take-up.ts";
import { agentProblem } from "../run/check-agents.ts";
import { openScopeRequests } from "../run/open-questions.ts";
import type { LongWork } from "../run/owned-runs.ts";
import { type OwnedRun, planned } from "../run/planned-run.ts";
import type { Ownership } from "../run/take-run.ts";
import { hasOpenWork } from "../run/waiting-for.ts";
import { declarationProblem } from "./advance-workflow.ts";
import { BatchSchedule } from "./batch-schedule.ts";
import { endCancelled } from "./end-cancelled.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { applyDecisions } from "./merge-run.ts";
import type { RunSchedule } from "./run-schedule.ts";
import { StreamSchedule } from "./stream-schedule.ts";

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

/** Runs what `which` says and whatever is added meanwhile, until nothing more can start. Returns the run as it is then. */
async function executeRun(context: OwnedRun, which: BatchSet, signal: AbortSignal): Promise<OwnedRun> {
  await applyDecisions(context, signal);
  const schedule: RunSchedule =
    context.plan.mode === "streaming"
      ? new StreamSchedule(context, signal)
      : new BatchSchedule(context, { which, signal });
  const ports = executePortsOf(context);
  await runPool(
    schedule,
    { ...ports, judgeTasks: (task, declared) => declarationProblem(schedule.context, task, declared) },
    signal,
  );
  return schedule.context;
}
