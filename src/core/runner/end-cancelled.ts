/** A run that somebody asked to cancel goes no further, whoever takes it up next. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Ownership } from "../run/take-run.ts";

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
