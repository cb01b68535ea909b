/** Work on a run in the background: owned by this process, stopped on request, and never left in a state that lies. */
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run, RunState } from "../model/run.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { leasedNames } from "./leased-attempts.ts";
import type { LiveRuns } from "./live-runs.ts";
import { type ExecuteContext, planned } from "./planned-run.ts";
import type { Session } from "./run-session.ts";
import { takeOver } from "./take-over.ts";

const CANCEL_POLL_MS = 500;
const RESUME = "nothing is lost: `forkjoin resume` goes on from the last record";

export interface OwnedWork {
  run_id: string;
  state: "executing" | "aggregating";
  change?: Partial<Pick<Run, "settings" | "all_batches" | "budget_spent">>;
  work(context: ExecuteContext, signal: AbortSignal): Promise<void>;
}

/** Takes the run over and starts the work; what comes back says only whether it could be started. */
export async function ownRun(owned: OwnedWork, ports: OrchestratorPorts, live: LiveRuns): Promise<Result<void>> {
  while (live.isLive(owned.run_id)) {
    if (isWorking(ports.store.run(owned.run_id))) return err(busy(owned.run_id));
    await live.ended(owned.run_id);
  }
  return (await live.starting(owned.run_id, () => begin(owned, ports, live))) ?? err(busy(owned.run_id));
}

async function begin(owned: OwnedWork, ports: OrchestratorPorts, live: LiveRuns): Promise<Result<void>> {
  const taken = await takeOver(owned.run_id, ports);
  if (!taken.ok) return taken;
  const { session, epoch } = taken.value;
  const context = session.run.cancel_requested ? cancelled(session) : planned(session, ports);
  if (!context.ok) {
    ports.store.release(owned.run_id, epoch);
    return context;
  }
  const run: Run = { ...session.run, ...owned.change, state: owned.state };
  session.record({ run: { ...owned.change, state: owned.state, pause_requested: undefined, error: undefined } });
  live.start(owned.run_id, async (signal) => {
    const poll = watchForCancel(owned.run_id, ports, live);
    const mine = { ...context.value, session: { ...session, run } };
    const broken = await owned.work(mine, signal).then(() => undefined, asFailing);
    await clearAway(session, { ports, epoch }).catch(() => undefined);
    clearInterval(poll);
    try {
      if (broken === undefined) settle(mine, stoppedState(signal));
      else interrupt(mine, broken);
    } catch (error) {
      live.fail(owned.run_id, failureOf(error));
    }
    release(owned.run_id, { ports, epoch });
  });
  return ok(undefined);
}

function release(runId: string, { ports, epoch }: { ports: OrchestratorPorts; epoch: number }): void {
  try {
    ports.store.release(runId, epoch);
  } catch {
    // A store that takes nothing more keeps the owner's name; the next process sees that the owner has gone.
  }
}

/** Its work may be over and its process still leaving: then it is not busy any more. */
function isWorking(run: Run | undefined): boolean {
  return run?.state === "executing" || run?.state === "aggregating";
}

function asFailing(error: unknown): { error: unknown } {
  return { error };
}

function busy(runId: string): Failure {
  return failure("run_busy", `run ${runId} is being worked on`, "wait for it with get_run, or end it with cancel_run");
}

/** Asked for while the last owner still worked, which died before it could stop. */
function cancelled({ record }: Session): Result<never> {
  const event = { type: "run_finished", state: "cancelled", summary: "the run is cancelled" } as const;
  record({ run: { state: "cancelled" }, events: [event] });
  return err(failure("wrong_phase", "the run was cancelled", "begin a new run with decompose_work"));
}

/** Without a record nothing can be told to the store: the reason stays in this process. */
function failureOf(error: unknown): Failure {
  if (error instanceof RunStopped) return error.failure;
  const cause = error instanceof Error ? error.message : String(error);
  return failure("internal_error", cause, RESUME);
}

/** Nothing of this process's work stays on disk when the run's end is told; whoever took the run over meanwhile is left alone. */
async function clearAway(
  { run, workspaces }: Session,
  { ports, epoch }: { ports: OrchestratorPorts; epoch: number },
): Promise<void> {
  if (ports.store.run(run.run_id)?.epoch !== epoch) return;
  await workspaces.reap(run.run_id, leasedNames(run.run_id, ports));
}

/** A request to cancel may come from another process: it is a flag in the store. */
function watchForCancel(runId: string, ports: OrchestratorPorts, live: LiveRuns): NodeJS.Timeout {
  return setInterval(() => {
    if (ports.store.run(runId)?.cancel_requested) live.stop(runId, "cancelled");
  }, CANCEL_POLL_MS);
}

/** A bug or a machine that failed: what is on record stays, and a later process goes on. */
function interrupt({ session, ports }: ExecuteContext, { error }: { error: unknown }): void {
  if (error instanceof RunStopped) throw error;
  const problem = failureOf(error);
  const applied = ports.store.apply(session.run.run_id, { run: { state: "interrupted", error: problem } });
  if (!applied.ok) return;
  ports.observe(session.run.run_id, { type: "run_finished", state: "interrupted", summary: problem.message });
}

function stoppedState(signal: AbortSignal): RunState | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason === "cancelled" ? "cancelled" : "interrupted";
}

/** The work sets an end state of its own, or it was stopped, or the run is between phases again. */
function settle({ session, ports }: ExecuteContext, seen: RunState | undefined): void {
  const stored = ports.store.run(session.run.run_id);
  if (stored === undefined || !isWorking(stored)) return;
  const paused = stored.state === "executing" && stored.pause_requested ? "paused" : undefined;
  const stopped = stored.cancel_requested ? "cancelled" : (seen ?? paused);
  if (stopped === undefined) {
    session.record({ run: { state: "open" } });
    return;
  }
  const finished = { type: "run_finished", state: stopped, summary: `the run is ${stopped}` } as const;
  session.record({ run: { state: stopped }, events: [finished] });
}
