/** Makes this process the run's owner; what a dead owner left running is ended, and its attempts are marked lost. */
import { keepWork } from "../4-execute/keep-work.ts";
import { type Attempt, attemptName } from "../model/attempt.ts";
import { ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { abandonedAttempts, leasedNames } from "./leased-attempts.ts";
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
async function reapLost(session: Session, ports: OrchestratorPorts): Promise<void> {
  const { run, workspaces, record } = session;
  const orphans = abandonedAttempts(run.run_id, ports);
  for (const orphan of orphans) await ports.executor.reap(orphan.workspace, orphan.process);
  await ports.executor.reap(workspaces.locate(run.run_id, "").folder);
  for (const orphan of orphans) {
    const kept = await keepLost(orphan, session, ports);
    record({ attempt: { ...orphan, ...kept, state: "lost", finished_at: ports.clock.now() } });
  }
  await workspaces.reap(run.run_id, leasedNames(run.run_id, ports));
  if (orphans.length > 0) {
    const reason = `the process that ran ${orphans.map((orphan) => orphan.task_id).join(", ")} had ended`;
    record({ events: [{ type: "run_taken_over", reason }] });
  }
}

/** What a lost attempt had done is not accepted, and not thrown away either. A workspace that was not whole yet had no agent in it. */
async function keepLost(
  orphan: Attempt,
  { run, workspaces }: Session,
  { clock }: OrchestratorPorts,
): Promise<Pick<Attempt, "kept">> {
  const reopened = await workspaces.reopen({ run_id: run.run_id, name: attemptName(orphan), base: orphan.base });
  if (!reopened.ok) return {};
  const changes = await reopened.value.changes();
  if (!changes.ok) return {};
  const unaccepted = { run, attempt: orphan, workspace: reopened.value, as: "lost" } as const;
  const kept = await keepWork(unaccepted, changes.value, { clock, workspaces });
  return kept === undefined ? {} : { kept };
}
