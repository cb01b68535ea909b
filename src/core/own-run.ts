/** Work on a run in the background: owned by this process, stopped on request, and never left in a state that lies. */
import type { ExecuteContext } from "./execute-run.ts";
import type { LiveRuns } from "./live-runs.ts";
import { failure } from "./model/failure.ts";
import { ok, type Result } from "./model/result.ts";
import type { Run, RunState } from "./model/run.ts";
import { RunStopped } from "./model/run-stopped.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import { needed, type Session } from "./run-session.ts";
import { takeOver } from "./take-over.ts";

const CANCEL_POLL_MS = 500;

export interface OwnedWork {
  run_id: string;
  state: "executing" | "aggregating";
  change?: Partial<Pick<Run, "settings">>;
  work(context: ExecuteContext, signal: AbortSignal): Promise<void>;
}

/** Takes the run over and starts the work; what comes back says only whether it could be started. */
export async function ownRun(owned: OwnedWork, ports: OrchestratorPorts, live: LiveRuns): Promise<Result<void>> {
  const taken = await takeOver(owned.run_id, ports);
  if (!taken.ok) return taken;
  const { session, epoch } = taken.value;
  const context = planned(session, ports);
  if (!context.ok) {
    ports.store.release(owned.run_id, epoch);
    return context;
  }
  const run: Run = { ...session.run, ...owned.change, state: owned.state };
  session.record({ run: { ...owned.change, state: owned.state, cancel_requested: false } });
  live.start(owned.run_id, async (signal) => {
    const poll = watchForCancel(owned.run_id, ports, live);
    try {
      await guarded({ ...context.value, session: { ...session, run } }, owned, signal);
    } finally {
      clearInterval(poll);
      ports.store.release(owned.run_id, epoch);
    }
  });
  return ok(undefined);
}

/** The run's artefacts of phases 1 to 3, or the tool that has to be called first. */
export function planned(session: Session, ports: OrchestratorPorts): Result<ExecuteContext> {
  const { run_id } = session.run;
  const list = needed(ports, run_id, "task_list");
  if (!list.ok) return list;
  const graph = needed(ports, run_id, "dependency_graph");
  if (!graph.ok) return graph;
  const plan = needed(ports, run_id, "execution_plan");
  if (!plan.ok) return plan;
  return ok({ session, ports, list: list.value, graph: graph.value, plan: plan.value });
}

/** A request to cancel may come from another process: it is a flag in the store. */
function watchForCancel(runId: string, ports: OrchestratorPorts, live: LiveRuns): NodeJS.Timeout {
  return setInterval(() => {
    if (ports.store.run(runId)?.cancel_requested) live.stop(runId, "cancelled");
  }, CANCEL_POLL_MS);
}

async function guarded(context: ExecuteContext, owned: OwnedWork, signal: AbortSignal): Promise<void> {
  const { session, ports } = context;
  try {
    await owned.work(context, signal);
    settle(context, stoppedState(signal));
  } catch (error) {
    if (error instanceof RunStopped) return;
    const cause = error instanceof Error ? error.message : String(error);
    const problem = failure("internal_error", cause, "nothing is lost: `forkjoin resume` goes on from the last record");
    const applied = ports.store.apply(session.run.run_id, { run: { state: "interrupted", error: problem } });
    if (applied.ok) ports.observe(session.run.run_id, { type: "run_finished", state: "interrupted", summary: cause });
  }
}

function stoppedState(signal: AbortSignal): RunState | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason === "cancelled" ? "cancelled" : "interrupted";
}

/** The work sets an end state of its own, or the run is between phases again. */
function settle({ session, ports }: ExecuteContext, stopped: RunState | undefined): void {
  const present = ports.store.run(session.run.run_id)?.state;
  if (stopped !== undefined) {
    const finished = { type: "run_finished", state: stopped, summary: `the run is ${stopped}` } as const;
    session.record({ run: { state: stopped }, events: [finished] });
  } else if (present === "executing" || present === "aggregating") {
    session.record({ run: { state: "open" } });
  }
}
