/** Makes this process the run's owner; what a dead owner left running is ended, and its attempts are marked lost. */
import { abandonedAttempts, leasedNames } from "./leased-attempts.ts";
import { ok, type Result } from "./model/result.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import { openSession, type Session } from "./run-session.ts";

export interface Owned {
  session: Session;
  epoch: number;
}

/** Fails with `run_busy` while another living process works on the run. */
export async function takeOver(runId: string, ports: OrchestratorPorts): Promise<Result<Owned>> {
  const acquired = ports.store.acquire(runId, ports.self, ports.executor.isAlive);
  if (!acquired.ok) return acquired;
  const epoch = acquired.value;
  const session = await openSession(runId, ports, epoch);
  if (!session.ok) {
    ports.store.release(runId, epoch);
    return session;
  }
  await reapLost(session.value, ports);
  return ok({ session: session.value, epoch });
}

/** Attempts that are still marked running belong to nobody now: their processes go first, then their workspaces. */
async function reapLost({ run, workspaces, record }: Session, ports: OrchestratorPorts): Promise<void> {
  const orphans = abandonedAttempts(run.run_id, ports);
  for (const orphan of orphans) await ports.executor.reap(orphan.workspace, orphan.process);
  await ports.executor.reap(workspaces.locate(run.run_id, "").folder);
  await workspaces.reap(run.run_id, leasedNames(run.run_id, ports));
  for (const orphan of orphans) record({ attempt: { ...orphan, state: "lost", finished_at: ports.clock.now() } });
  if (orphans.length > 0) {
    const reason = `the process that ran ${orphans.map((orphan) => orphan.task_id).join(", ")} had ended`;
    record({ events: [{ type: "run_taken_over", reason }] });
  }
}
