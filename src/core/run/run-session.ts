/** A run as the orchestrator holds it: its record, its repository, and for its owner the way to make a change durable. */
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { OpenRepository, OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { Artefacts, Change, OwnerToken, RunStore } from "../ports/run-store.ts";

/** For reading. */
export interface Session extends OpenRepository {
  run: Run;
}

/** For the piece of work that owns the run. */
export interface OwnedSession extends Session {
  token: OwnerToken;
  /** Stores the change and tells the observers, or throws `RunStopped`. */
  record(change: Change): void;
  /** The same for a change that may be refused for itself, such as one of a lease that its client changed at the same moment. */
  write(change: Change): Result<void>;
}

type SessionPorts = Pick<OrchestratorPorts, "store" | "openRepository">;

/** Fails with `unknown_run`, or as opening its repository does. */
export async function openSession(runId: string, ports: SessionPorts): Promise<Result<Session>> {
  const run = ports.store.run(runId);
  if (run === undefined) return err(unknownRun(runId, ports));
  const opened = await ports.openRepository(run.repository);
  return opened.ok ? ok({ run, ...opened.value }) : opened;
}

/** `session` with the right to write. */
export function owned(
  session: Session,
  token: OwnerToken,
  { store, observe }: Pick<OrchestratorPorts, "store" | "observe">,
): OwnedSession {
  const write = (change: Change): Result<void> => {
    const applied = store.apply(token, change);
    if (!applied.ok) return applied;
    for (const event of change.events ?? []) observe(token.run_id, event);
    return applied;
  };
  const record = (change: Change): void => {
    const written = write(change);
    if (!written.ok) throw new RunStopped(written.error);
  };
  return { ...session, token, record, write };
}

export function unknownRun(runId: string, { store }: { store: Pick<RunStore, "runs"> }): Failure {
  const known = store.runs(5).map((run) => run.run_id);
  const hint =
    known.length === 0 ? "there are no runs yet: begin with decompose_work" : `recent runs: ${known.join(", ")}`;
  return failure("unknown_run", `run_id ${JSON.stringify(runId)} is no run`, hint);
}

/** An artefact an earlier phase must have left; its absence names the tool to call. */
export function needed<K extends keyof Artefacts>(
  { store }: { store: Pick<RunStore, "artefact"> },
  runId: string,
  kind: K,
): Result<Artefacts[K]> {
  const artefact = store.artefact(runId, kind);
  return artefact === undefined ? err(outOfOrder(kind)) : ok(artefact);
}

const MADE_BY: Partial<Record<keyof Artefacts, string>> = {
  task_list: "decompose_work",
  dependency_graph: "analyze_dependencies",
  execution_plan: "plan_batches",
  integration: "execute_batch",
  report: "aggregate_results",
};

function outOfOrder(kind: keyof Artefacts): Failure {
  const tool = MADE_BY[kind] ?? kind;
  return failure("wrong_phase", `this run has no ${kind.replaceAll("_", " ")} yet`, `call ${tool} first`);
}

/** Phases 1 to 3 may be done again until an agent has started: then the plan is what is being carried out. */
export function stillPlanning({ run }: Session, { store }: { store: Pick<RunStore, "attempts"> }): Failure | undefined {
  if (run.state === "open" && store.attempts(run.run_id).length === 0) return undefined;
  const message = `run ${run.run_id} is ${run.state}: its tasks and plan are fixed`;
  return failure("wrong_phase", message, "begin a new run with decompose_work, or look at this one with get_run");
}
