/** Phase 4 over a whole run: one loop, scheduled in batches or as a stream, as the plan says. */
import { runPool } from "../4-execute/run-pool.ts";
import type { BatchSet } from "../planning/choose-batches.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { declarationProblem } from "./advance-workflow.ts";
import { BatchSchedule } from "./batch-schedule.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { applyDecisions } from "./merge-run.ts";
import type { RunSchedule } from "./run-schedule.ts";
import { StreamSchedule } from "./stream-schedule.ts";

/** Runs what `which` says and whatever is added meanwhile, until nothing more can start. Returns the run as it is then. */
export async function executeRun(context: OwnedRun, which: BatchSet, signal: AbortSignal): Promise<OwnedRun> {
  await applyDecisions(context);
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
