/** A run that is to end for good: told to whoever carries it out, or ended here where nobody does. */
import { hasEnded } from "../model/life.ts";
import { ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { RunCore } from "../requests/run-core.ts";
import { openSession } from "../run/run-session.ts";
import { stateOf } from "../run/run-status.ts";
import { cancelIdle } from "./cancel-idle.ts";

/** The run's state: still `executing` or `aggregating` while its owner stops. */
export async function cancelRun(
  runId: string,
  reason: string,
  { ports, live }: Pick<RunCore, "ports" | "live">,
): Promise<Result<RunState>> {
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const state = stateOf(session.value.run, ports);
  if (isOver(state)) return ok(state);
  const event = { type: "cancel_requested", reason } as const;
  const left = ports.store.leave(runId, { type: "cancel", events: [event] });
  if (!left.ok) {
    // The run may have ended since it was read: another request to cancel came first.
    const now = ports.store.run(runId)?.state;
    return now !== undefined && isOver(now) ? ok(now) : left;
  }
  ports.observe(runId, event);
  ports.notifier.notify(runId);
  if (left.value.owned && !live.hasLeft(session.value.run) && (state === "executing" || state === "aggregating")) {
    live.stop(runId, "cancelled");
    return ok(state);
  }
  const cancelled = await live.withRun(runId, "cancel", cancelIdle);
  if (cancelled.ok || cancelled.error.code !== "run_busy") return cancelled;
  // An owner that had not begun its work yet finds what was left for it.
  live.stop(runId, "cancelled");
  return ok(ports.store.run(runId)?.state ?? state);
}

/** A run that has failed can still be cancelled. */
function isOver(state: RunState): boolean {
  return hasEnded(state) && state !== "failed";
}
