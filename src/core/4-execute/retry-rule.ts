/** Phase 4.5 — a failed task is tried again, twice at most; what trying again cannot cure is not tried again. */
import type { Attempt } from "../model/attempt.ts";
import type { FailureCode } from "../model/failure.ts";

export const MAX_RETRIES = 2;

const RETRIED = new Set<FailureCode>([
  "agent_failed",
  "timed_out",
  "scope_violation",
  "no_changes",
  "missing_output",
  "check_failed",
  "setup_failed",
  "workspace_failed",
  "git_failed",
]);

/**
 * Whether a task whose attempts so far are these has had its last one. Attempts that were lost with their coordinator,
 * or cancelled, do not count against the task.
 */
export function isFinal(attempts: Attempt[]): boolean {
  const last = attempts.at(-1);
  if (last?.state === "accepted") return true;
  if (last?.state !== "rejected" || last.error?.code === "cancelled") return false;
  const counted = attempts.filter((attempt) => attempt.state === "rejected" && attempt.error?.code !== "cancelled");
  return counted.length > MAX_RETRIES || last.error === undefined || !RETRIED.has(last.error.code);
}
