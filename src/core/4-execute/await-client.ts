/** Phase 4.2 for delegated work: the workspace is offered, a client claims it, and its word, its silence or the run's end closes the lease. */
import type { Attempt } from "../model/attempt.ts";
import { type Failure, failure } from "../model/failure.ts";
import type { Closing, Lease } from "../model/lease.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { ExecutePorts } from "./execute-ports.ts";

/** How soon a claim or submission that another process received is seen. */
const POLL_MS = 500;

interface Waiting {
  run_id: string;
  attempt: Pick<Attempt, "task_id" | "attempt">;
  ports: ExecutePorts;
  signal: AbortSignal;
}

/** Offers the attempt where nobody has yet. Returns its closed lease, or undefined when the run stops and a client goes on with it. */
export async function awaitClient(waiting: Waiting): Promise<Lease | undefined> {
  if (leaseNow(waiting) === undefined) offer(waiting);
  for (;;) {
    const lease = leaseNow(waiting);
    if (lease === undefined || lease.state === "ended") throw new Error("a lease that is waited for has gone");
    if (lease.state === "closed") return lease;
    const outcome = ending(lease, waiting);
    if (outcome === "left") return undefined;
    if (outcome !== undefined) close(lease, outcome, waiting);
    else await waiting.ports.notifier.wait(waiting.run_id, untilExpiry(lease, waiting), waiting.signal);
  }
}

function offer({ run_id, attempt, ports }: Waiting): void {
  const { task_id, attempt: number } = attempt;
  ports.record({ lease: { run_id, task_id, attempt: number, state: "offered", version: 1 } });
  ports.notifier.notify(run_id);
}

function leaseNow({ run_id, attempt, ports }: Waiting): Lease | undefined {
  const leases = ports.store.leases(run_id);
  return leases.find((lease) => lease.task_id === attempt.task_id && lease.attempt === attempt.attempt);
}

/**
 * Reason to end the wait from this side: the run is cancelled, it is paused and nobody took the offer, the client is silent, or this
 * process goes and leaves the client working.
 */
function ending(lease: Lease, { run_id, ports, signal }: Waiting): Closing["outcome"] | "left" | undefined {
  if (signal.aborted) return signal.reason === "interrupted" && lease.state === "claimed" ? "left" : "cancelled";
  if (lease.state === "offered" && ports.store.run(run_id)?.pause_requested) return "withdrawn";
  const silent = lease.expires_at !== undefined && ports.clock.now() >= lease.expires_at;
  return silent ? "expired" : undefined;
}

function untilExpiry(lease: Lease, { ports }: Waiting): number {
  if (lease.expires_at === undefined) return POLL_MS;
  return Math.max(1, Math.min(POLL_MS, lease.expires_at - ports.clock.now()));
}

/** A client that was faster is looked at again. */
function close(lease: Lease, outcome: Closing["outcome"], { ports }: Waiting): void {
  const closed: Lease = { ...lease, state: "closed", version: lease.version + 1, closing: { outcome, refused: [] } };
  const expired = { type: "lease_expired", task_id: lease.task_id, attempt: lease.attempt } as const;
  const written = ports.write({ lease: closed, events: outcome === "expired" ? [expired] : [] });
  if (!written.ok && written.error.code !== "lease_changed") throw new RunStopped(written.error);
}

/** Failure that a closing means for the attempt before anybody has looked at the files. */
export function closingProblem({ closing, attempt }: Lease): Failure | undefined {
  const said = closing?.summary === undefined ? "" : `: ${closing.summary}`;
  switch (closing?.outcome) {
    case "failed":
      return failure("agent_failed", `the client gave the task up as failed${said}`, "claim the task again");
    case "abandoned":
      return failure("abandoned", `the client handed the task back${said}`, "claim the task again");
    case "expired": {
      const hint =
        "submit in time, or call claim_task with the lease now and then: every call that names a lease renews it";
      return failure("lease_expired", `the lease of attempt ${attempt} expired: its client was silent`, hint);
    }
    case "withdrawn":
      return failure(
        "cancelled",
        "the run was paused before a client took the task",
        "`execute_batch` goes on with it",
      );
    case "cancelled":
      return failure("cancelled", "the run was cancelled while a client worked", "`forkjoin resume` goes on with it");
    default:
      return undefined;
  }
}
