/** The way from a token to the work it stands for: found by its digest, refused when it is over, renewed by every call that names it. */
import { parseDuration } from "../model/duration.ts";
import { type Failure, failure } from "../model/failure.ts";
import type { Lease } from "../model/lease.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";

/** The lease of `token`, whatever its state. */
export function findLease(
  token: string,
  { store, tokens }: Pick<OrchestratorPorts, "store" | "tokens">,
): Result<Lease> {
  const lease = store.leaseOf(tokens.digest(token));
  if (lease !== undefined) return ok(lease);
  const hint = "write it exactly as claim_task or execute_batch returned it, or claim a task anew";
  return err(failure("unknown_lease", `lease ${JSON.stringify(token.slice(0, 6))}… is not known`, hint));
}

/** The lease with a later end, or why nothing may be done under it any more. */
export function renewLease(token: string, ports: Pick<OrchestratorPorts, "store" | "tokens" | "clock">): Result<Lease> {
  for (;;) {
    const found = findLease(token, ports);
    if (!found.ok) return found;
    const lease = found.value;
    if (isOver(lease, ports)) return err(leaseOver(lease));
    const next = { ...lease, version: lease.version + 1, expires_at: expiryFrom(lease.run_id, ports) };
    const left = ports.store.leave(lease.run_id, { type: "lease", lease: next });
    if (left.ok) return ok(next);
    if (left.error.code !== "lease_changed") return left;
  }
}

export function isOver(lease: Lease, { clock }: Pick<OrchestratorPorts, "clock">): boolean {
  return lease.state !== "claimed" || clock.now() >= (lease.expires_at ?? 0);
}

export function leaseOver({ run_id, task_id, attempt }: Lease): Failure {
  const message = `the lease of task ${task_id}, attempt ${attempt}, is over: it expired, was submitted, or the run ended`;
  const hint = `what was done is kept under refs/forkjoin/${run_id}/; claim_task gives the task to you again, in a new workspace`;
  return failure("lease_expired", message, hint);
}

export function expiryFrom(runId: string, { store, clock }: Pick<OrchestratorPorts, "store" | "clock">): number {
  return clock.now() + (parseDuration(store.run(runId)?.settings.lease ?? "") ?? 0);
}
