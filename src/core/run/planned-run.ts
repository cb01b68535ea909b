/** A run as phase 4 takes it up: its session with what the planning phases left. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import { ok, type Result } from "../model/result.ts";
import type { TaskList } from "../model/task-list.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { CarryPorts, ReadPorts } from "../ports/run-ports.ts";
import { needed, type OwnedSession, type Session } from "./run-session.ts";

export interface Planned {
  list: TaskList;
  graph: DependencyGraph;
  plan: ExecutionPlan;
}

export interface PlannedRun extends Planned {
  session: Session;
  ports: ReadPorts;
}

/** The same for the piece of work that owns the run. */
export interface OwnedRun extends PlannedRun {
  session: OwnedSession;
  ports: CarryPorts;
}

/** The run's artefacts of phases 1 to 3, or the tool that has to be called first. */
export function planned<S extends Session, P extends Pick<OrchestratorPorts, "store">>(
  session: S,
  ports: P,
): Result<Planned & { session: S; ports: P }> {
  const { run_id } = session.run;
  const list = needed(ports, run_id, "task_list");
  if (!list.ok) return list;
  const graph = needed(ports, run_id, "dependency_graph");
  if (!graph.ok) return graph;
  const plan = needed(ports, run_id, "execution_plan");
  if (!plan.ok) return plan;
  return ok({ session, ports, list: list.value, graph: graph.value, plan: plan.value });
}
