/** The end of work in the background: nothing of it stays on disk, and the run's state says what it came to. */
import { diskFailure, type Failure, failure } from "../model/failure.ts";
import { after, type Transition } from "../model/life.ts";
import type { RunState } from "../model/run.ts";
import { RunStopped } from "../model/run-stopped.ts";
import { leasedNames } from "./leased-attempts.ts";
import type { Ownership } from "./take-run.ts";

/** Outcome of the work, or the error that was thrown: a bug, or a machine that failed. */
export type Ended = { outcome: "idle" | "ask" } | { error: unknown };

const RESUME = "nothing is lost: `forkjoin resume` goes on from the last record";

/** Returns why the end could not be put on record, if so: then the record stays as it is, and a later process goes on. */
export async function concludeWork(
  ownership: Ownership,
  ended: Ended,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  await clearAway(ownership).catch(() => undefined);
  try {
    if ("error" in ended) interrupt(ownership, ended.error);
    else conclude(ownership, ended.outcome, signal);
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

/** Removal of the run's workspaces, those of leases kept; all are left alone where another owner took the run over meanwhile. */
async function clearAway({ session, ports }: Ownership): Promise<void> {
  const { token, workspaces } = session;
  if (ports.store.run(token.run_id)?.epoch !== token.epoch) return;
  await workspaces.reap(token.run_id, leasedNames(token.run_id, ports));
}

/** Interruption of the run: everything on record stays. One that cannot be put on record is known to this process alone. */
function interrupt({ session }: Ownership, error: unknown): void {
  if (error instanceof RunStopped) throw error;
  const problem = failureOf(error);
  const finished = { type: "run_finished", state: "interrupted", summary: problem.message } as const;
  session.record({ transition: "interrupt", run: { error: problem }, events: [finished] });
}

/** A request to cancel that came while the work's end was put on record; work that may not cancel leaves it to whoever asked. */
export function cancelAsLeft({ session, ports }: Ownership): void {
  const run = ports.store.run(session.token.run_id);
  const work = run?.owner?.work;
  if (!run?.cancel_requested || work === undefined || after(run.state, "cancel", work) === undefined) return;
  const finished = { type: "run_finished", state: "cancelled", summary: "the run is cancelled" } as const;
  session.record({ transition: "cancel", events: [finished] });
}

function failureOf(error: unknown): Failure {
  if (error instanceof RunStopped) return error.failure;
  const cause = error instanceof Error ? error.message : String(error);
  return diskFailure(error) ?? failure("internal_error", cause, RESUME);
}

/** The work has set an end state of its own, or it was stopped, or the run is between phases again. */
function conclude({ session, ports }: Ownership, outcome: "idle" | "ask", signal: AbortSignal): void {
  const run = ports.store.run(session.token.run_id);
  if (run === undefined || (run.state !== "executing" && run.state !== "aggregating")) return;
  const transition = transitionOf(run, outcome, signal);
  const state = STOPPED[transition];
  const finished = state && ({ type: "run_finished", state, summary: `the run is ${state}` } as const);
  session.record({ transition, events: finished === undefined ? [] : [finished] });
}

const STOPPED: Partial<Record<Transition, RunState>> = {
  cancel: "cancelled",
  interrupt: "interrupted",
  pause: "paused",
};

function transitionOf(
  run: { state: string; cancel_requested: boolean; pause_requested?: boolean | undefined },
  outcome: "idle" | "ask",
  signal: AbortSignal,
): Transition {
  if (run.cancel_requested || signal.reason === "cancelled") return "cancel";
  if (signal.aborted || run.state === "aggregating") return "interrupt";
  return run.pause_requested ? "pause" : outcome;
}
