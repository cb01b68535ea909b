/** Attempts that outlive their server: a client works on them, or has just ended, and their workspaces must stay. */
import { type Attempt, attemptName } from "../model/attempt.ts";
import type { Lease } from "../model/lease.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { PlannedRun } from "./planned-run.ts";
import type { OwnedSession } from "./run-session.ts";

/** Running attempts that are claimed, or closed and not yet judged. */
export function leasedAttempts(runId: string, { store }: Pick<OrchestratorPorts, "store">): Attempt[] {
  const held = store.leases(runId).filter((lease) => lease.state === "claimed" || lease.state === "closed");
  const names = new Set(held.map(attemptName));
  const running = store.attempts(runId).filter((attempt) => attempt.state === "running");
  return running.filter((attempt) => names.has(attemptName(attempt)));
}

/** Names of the leased attempts: the workspaces to keep. */
export function leasedNames(runId: string, ports: Pick<OrchestratorPorts, "store">): string[] {
  return leasedAttempts(runId, ports).map(attemptName);
}

/** Tasks of the leased attempts, whether or not a process of ours waits for them. */
export function leasedTasks(runId: string, ports: Pick<OrchestratorPorts, "store">): Set<string> {
  return new Set(leasedAttempts(runId, ports).map((attempt) => attempt.task_id));
}

/** Attempts of a dead owner that nobody goes on with. An offer that nobody took by now ends here, so that nobody takes it any more. */
export function abandonedAttempts(session: OwnedSession, ports: Pick<OrchestratorPorts, "store">): Attempt[] {
  const { run_id: runId } = session.run;
  for (const lease of ports.store.leases(runId)) if (lease.state === "offered") withdraw(lease, session);
  const kept = new Set(leasedNames(runId, ports));
  const running = ports.store.attempts(runId).filter((attempt) => attempt.state === "running");
  return running.filter((attempt) => !kept.has(attemptName(attempt)));
}

/** Refused when a client claims it at this moment: then it is kept. */
function withdraw(lease: Lease, session: OwnedSession): void {
  session.write({ lease: { ...lease, state: "ended", version: lease.version + 1 } });
}

/** Where a client's attempt at the task began, while it goes on. */
export function heldBase(taskId: string, { session, ports }: PlannedRun): string | undefined {
  return leasedAttempts(session.run.run_id, ports).find((attempt) => attempt.task_id === taskId)?.base;
}
