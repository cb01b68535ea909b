/** Where a run stands, for whoever asks: phase, state, what is done, what runs, what waits for what. */
import { batchResults } from "../4-execute/batch-results.ts";
import type { BatchResults } from "../model/batch-results.ts";
import type { Run, RunState } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { currentResults } from "./current-results.ts";
import type { PlannedRun } from "./planned-run.ts";
import { waitingFor } from "./waiting-for.ts";

export interface Progress {
  done: number;
  total: number;
  running: string[];
  waiting: { task_id: string; for: string[] }[];
}

/** A run whose owner is gone is interrupted, whatever its row says; one whose owner may live elsewhere is being worked on. */
export function stateOf(run: Run, { owners }: Pick<OrchestratorPorts, "owners">): RunState {
  const working = run.state === "executing" || run.state === "aggregating";
  if (!working) return run.state;
  return run.owner === undefined || owners.liveness(run.owner) === "dead" ? "interrupted" : run.state;
}

export function progressOf(context: PlannedRun): Progress {
  const results = currentResults(context);
  const withStatus = (...statuses: string[]): string[] =>
    [...results.values()].filter((task) => statuses.includes(task.status)).map((task) => task.task_id);
  return {
    done: withStatus("success", "failed", "skipped").length,
    total: results.size,
    running: withStatus("running"),
    waiting: [...waitingFor(context, results)].map(([task_id, reasons]) => ({ task_id, for: reasons })),
  };
}

export function resultsOf(context: PlannedRun): BatchResults {
  const { session, ports, plan } = context;
  const runId = session.run.run_id;
  const times = ports.store.artefact(runId, "batch_log") ?? [];
  const history = { attempts: ports.store.attempts(runId), times, now: ports.clock.now() };
  return batchResults(plan, currentResults(context), history);
}
