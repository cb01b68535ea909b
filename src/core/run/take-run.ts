/** Makes a piece of work the run's owner; what a dead owner left running is ended, and its attempts are marked lost. */
import { keepWork } from "../4-execute/keep-work.ts";
import { type Attempt, attemptName } from "../model/attempt.ts";
import { DEFAULT_LIMITS, readLimits } from "../model/limits.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunOwner } from "../model/run-owner.ts";
import { isLong, type WorkKind } from "../model/work-kind.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { CarryPorts, TakePorts } from "../ports/run-ports.ts";
import type { OwnerToken } from "../ports/run-store.ts";
import { abandonedAttempts, leasedNames } from "./leased-attempts.ts";
import { ownerRecord } from "./owner-record.ts";
import { type OwnedSession, openSession, owned } from "./run-session.ts";

/** A run that this piece of work may write; its store remembers what only the owner writes. */
export interface Ownership {
  session: OwnedSession;
  ports: CarryPorts;
}

const LOOK_MS = 100;
/** How long another process's work of moments is waited for. */
const PATIENCE_MS = 10_000;

/** Fails with `run_busy` while another living process carries the run out. */
export async function takeRun(runId: string, kind: WorkKind, ports: TakePorts): Promise<Result<Ownership>> {
  const acquired = await acquire(runId, kind, ports);
  if (!acquired.ok) return acquired;
  const { token, before } = acquired.value;
  try {
    const session = await openSession(runId, ports);
    if (!session.ok) {
      ports.store.abandon(token);
      return session;
    }
    const store = ownerRecord(ports.store, token);
    const ownership = { session: owned(session.value, token, { ...ports, store }), ports: { ...ports, store } };
    if (before !== undefined || session.value.run.state === "executing") await reapLost(ownership);
    return ok(ownership);
  } catch (error) {
    ports.store.abandon(token);
    throw error;
  }
}

type Acquired = { token: OwnerToken; before: RunOwner | undefined };

/** Token of the run. An owner that works for moments only, such as a planning one, is waited for. */
async function acquire(
  runId: string,
  kind: WorkKind,
  { store, owners, clock, sleep }: Pick<OrchestratorPorts, "store" | "owners" | "clock" | "sleep">,
): Promise<Result<Acquired>> {
  const self = owners.self();
  // A run that names this process is held by none of its work, whose turn this is: the store could not be told of its end.
  const isAlive = (owner: RunOwner): boolean =>
    !(owner.lock === self.lock && owner.pid === self.pid) && owners.liveness(owner) !== "dead";
  const end = clock.now() + PATIENCE_MS;
  for (;;) {
    const acquired = store.acquire(runId, { ...self, work: kind }, isAlive);
    if (acquired.ok || acquired.error.code !== "run_busy") return acquired;
    const { owner } = acquired.error;
    const isUnknown = owner !== undefined && owners.liveness(owner) === "unknown";
    if (isUnknown) return err({ ...acquired.error, hint: TAKE_OVER });
    if (owner?.work === undefined || isLong(owner.work) || clock.now() >= end) return acquired;
    await sleep(LOOK_MS, new AbortController().signal);
  }
}

const TAKE_OVER =
  "it ran on another machine, and nothing here can tell whether it still does: where you know that it does not, repeat the command with --take-over";

/** Attempts that are still marked running belong to nobody now: their processes go first, then their workspaces. */
async function reapLost({ session, ports }: Ownership): Promise<void> {
  const { run, workspaces, record } = session;
  const orphans = abandonedAttempts(session, ports);
  for (const orphan of orphans) await ports.executor.reap(orphan.workspace, orphan.process);
  await ports.executor.reap(workspaces.locate(run.run_id, "").folder);
  for (const orphan of orphans) {
    const kept = await keepLost(orphan, session, ports).catch(() => ({}));
    record({ attempt: { ...orphan, ...kept, state: "lost", finished_at: ports.clock.now() } });
  }
  await workspaces.reap(run.run_id, leasedNames(run.run_id, ports)).catch(() => undefined);
  if (orphans.length > 0) {
    const reason = `the process that ran ${orphans.map((orphan) => orphan.task_id).join(", ")} had ended`;
    record({ events: [{ type: "run_taken_over", reason }] });
  }
}

/** Changes of a lost attempt: not accepted, and not thrown away either. A workspace that was not whole yet had no agent in it. */
async function keepLost(
  orphan: Attempt,
  { run, workspaces }: OwnedSession,
  { clock }: Pick<OrchestratorPorts, "clock">,
): Promise<Pick<Attempt, "kept">> {
  const reopened = await workspaces.reopen({ run_id: run.run_id, name: attemptName(orphan), base: orphan.base });
  if (!reopened.ok) return {};
  const changes = await reopened.value.changes(readLimits(run.settings.limits ?? DEFAULT_LIMITS));
  if (!changes.ok) return {};
  const unaccepted = { run, attempt: orphan, workspace: reopened.value, as: "lost" } as const;
  const kept = await keepWork(unaccepted, changes.value, { clock, workspaces });
  return kept === undefined ? {} : { kept };
}
