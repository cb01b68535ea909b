/** A run as the orchestrator holds it: its record, its repository, and the way to make a change durable. */
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { OpenRepository, OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { Artefacts, Change } from "../ports/run-store.ts";

export interface Session extends OpenRepository {
  run: Run;
  /** Stores the change and tells the observers, or throws `RunStopped`. */
  record(change: Change): void;
}

/** Without `epoch` the run must have no living owner; with it, only that owner may write. */
export async function openSession(runId: string, ports: OrchestratorPorts, epoch?: number): Promise<Result<Session>> {
  const run = ports.store.run(runId);
  if (run === undefined) return err(unknownRun(runId, ports));
  const opened = await ports.openRepository(run.repository);
  if (!opened.ok) return opened;
  return ok({ run, ...opened.value, record: (change) => recordChange(ports, { run_id: runId, change, epoch }) });
}

function recordChange(
  ports: OrchestratorPorts,
  { run_id, change, epoch }: { run_id: string; change: Change; epoch: number | undefined },
): void {
  const applied = ports.store.apply(run_id, change, epoch);
  if (!applied.ok) throw new RunStopped(applied.error);
  for (const event of change.events ?? []) ports.observe(run_id, event);
}

export function unknownRun(runId: string, ports: OrchestratorPorts): Failure {
  const known = ports.store.runs(5).map((run) => run.run_id);
  const hint =
    known.length === 0 ? "there are no runs yet: begin with decompose_work" : `recent runs: ${known.join(", ")}`;
  return failure("unknown_run", `run_id ${JSON.stringify(runId)} is no run`, hint);
}

/** An artefact an earlier phase must have left; its absence names the tool to call. */
export function needed<K extends keyof Artefacts>(
  ports: OrchestratorPorts,
  runId: string,
  kind: K,
): Result<Artefacts[K]> {
  const artefact = ports.store.artefact(runId, kind);
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
export function stillPlanning(session: Session, ports: OrchestratorPorts): Failure | undefined {
  if (session.run.state === "open" && ports.store.attempts(session.run.run_id).length === 0) return undefined;
  const message = `run ${session.run.run_id} is ${session.run.state}: its tasks and plan are fixed`;
  return failure("wrong_phase", message, "begin a new run with decompose_work, or look at this one with get_run");
}
