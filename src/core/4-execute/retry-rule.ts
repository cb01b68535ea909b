/** Phase 4.5 — a failed task is tried again, twice at most, unless that cannot cure it; an overloaded provider is waited for instead. */
import { type Attempt, standing } from "../model/attempt.ts";
import type { FailureCode } from "../model/failure.ts";

export const MAX_RETRIES = 2;
export const MAX_WAITS = 5;
/** An agent that was told the shape and still writes another will not find it at the third try. */
const MAX_OUTPUT_RETRIES = 1;

const FIRST_WAIT_MS = 10_000;

const RETRIED = new Set<FailureCode>([
  "agent_failed",
  "agent_refused",
  "lease_expired",
  "timed_out",
  "scope_violation",
  "limit_exceeded",
  "no_changes",
  "missing_output",
  "check_failed",
  "invalid_output",
  "setup_failed",
  "workspace_failed",
  "git_failed",
]);

/** Codes of failures that are nobody's fault: the attempt is made again as if it had not been. */
const UNCOUNTED = new Set<FailureCode | undefined>(["cancelled", "abandoned"]);

/** The provider's failure, not the agent's: the same attempt may well succeed later. */
export function isTransient(attempt: Attempt): boolean {
  return attempt.error?.code === "provider_unavailable";
}

/**
 * Whether a task whose attempts so far are these has had its last one. Attempts that were lost with their coordinator,
 * or cancelled, do not count against the task.
 */
export function isFinal(tried: Attempt[]): boolean {
  const attempts = standing(tried);
  const last = attempts.at(-1);
  if (attempts.some((attempt) => attempt.state === "accepted")) return true;
  if (last?.state !== "rejected" || UNCOUNTED.has(last.error?.code)) return false;
  if (isTransient(last)) return attempts.filter(isTransient).length > MAX_WAITS;
  const counted = countedAttempts(attempts);
  const misshapen = counted.filter((attempt) => attempt.error?.code === "invalid_output");
  if (misshapen.length > MAX_OUTPUT_RETRIES) return true;
  return counted.length > MAX_RETRIES || last.error === undefined || !RETRIED.has(last.error.code);
}

/** The attempts whose failures the next one is told: not those that were stopped, or met an unavailable provider. */
export function failuresOf(attempts: Attempt[]): Attempt[] {
  return attempts.filter(
    (attempt) => attempt.state === "rejected" && attempt.error?.code !== "cancelled" && !isTransient(attempt),
  );
}

/** How often the task may still be tried after these attempts. */
export function attemptsLeft(attempts: Attempt[]): number {
  return isFinal(attempts) ? 0 : Math.max(0, MAX_RETRIES + 1 - countedAttempts(attempts).length);
}

/** Attempts that say something of the task: not those that were cancelled, given back, or met an unavailable provider. */
export function countedAttempts(attempts: Attempt[]): Attempt[] {
  const rejected = standing(attempts).filter((attempt) => attempt.state === "rejected");
  return rejected.filter((attempt) => !UNCOUNTED.has(attempt.error?.code) && !isTransient(attempt));
}

/**
 * How long to wait before the next attempt: 0 unless the last one met an unavailable provider, then 10 s, doubling. Up to a
 * quarter more, different for each task, keeps those that failed together from coming back together.
 */
export function waitBefore(tried: Attempt[]): number {
  const attempts = standing(tried);
  const last = attempts.at(-1);
  if (last === undefined || !isTransient(last)) return 0;
  const base = FIRST_WAIT_MS * 2 ** (attempts.filter(isTransient).length - 1);
  const spread = [...last.task_id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000, 0) / 4_000;
  return Math.round(base * (1 + spread));
}
