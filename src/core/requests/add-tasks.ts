/** More work for a run that has begun: judged like any task list, then taken up by the run's owner, or at once where there is none. */
import { taskListOf } from "../1-decompose/decompose.ts";
import type { Amendment } from "../model/amendment.ts";
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { amendRun, takeUpAmendments } from "../planning/amend-run.ts";
import { judgeTasks } from "../planning/judge-tasks.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { agentProblem } from "../run/check-agents.ts";
import { planned } from "../run/planned-run.ts";
import { needed, openSession, type Session } from "../run/run-session.ts";
import { stateOf } from "../run/run-status.ts";
import { takeOver } from "../run/take-over.ts";

export interface Added {
  /** ids of the new tasks */
  tasks: string[];
  /** false while the run's owner has not come to its next decision yet; the tasks are on record all the same */
  taken_up: boolean;
}

/** Fails as `decompose_work` does for tasks that are not sound, and with `wrong_phase` for a run that has ended. */
export async function addTasks(runId: string, tasks: unknown[], ports: OrchestratorPorts): Promise<Result<Added>> {
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const state = stateOf(session.value.run, ports);
  const ended = stateProblem(runId, state);
  if (ended !== undefined) return err(ended);
  const judged = await judgeTasks(session.value, tasks, ports);
  if (!judged.ok) return judged;
  const problem = state === "executing" ? await agentProblem(session.value.run, judged.value, ports) : undefined;
  if (problem !== undefined) return err(problem);
  const ids = judged.value.map((task) => task.id);
  const amendment: Amendment = { type: "add_tasks", tasks: judged.value };
  if (state === "executing") {
    const left = ports.store.amend(runId, amendment);
    if (!left.ok) return left;
    if (left.value) return ok({ tasks: ids, taken_up: false });
  }
  const added = await addIdle(runId, amendment, ports);
  return added.ok ? ok({ tasks: ids, taken_up: true }) : added;
}

function stateProblem(runId: string, state: RunState): Failure | undefined {
  if (state === "aggregating") {
    const hint = "wait for its report with get_run, then begin a new run for what is left";
    return failure("run_busy", `run ${runId} is being aggregated: it takes no more tasks`, hint);
  }
  if (state !== "complete" && state !== "failed" && state !== "cancelled") return undefined;
  return failure("wrong_phase", `run ${runId} is ${state}: it takes no more tasks`, "begin a new run for them");
}

/** Nobody is at work: this process owns the run for as long as it takes to plan. */
async function addIdle(
  runId: string,
  amendment: Amendment & { type: "add_tasks" },
  ports: OrchestratorPorts,
): Promise<Result<void>> {
  const taken = await takeOver(runId, ports);
  if (!taken.ok) return taken;
  const { session, epoch } = taken.value;
  try {
    const context = planned(session, ports);
    if (!context.ok) return addUnplanned(session, amendment.tasks, ports);
    const current = await takeUpAmendments(context.value);
    const amended = await amendRun(current, amendment);
    if (!amended.ok) return amended;
    if (session.run.phase !== "phase_3_batch") session.record({ run: { phase: "phase_3_batch" } });
    return ok(undefined);
  } finally {
    ports.store.release(runId, epoch);
  }
}

/** Before phase 3 there is nothing to keep: the list is longer, and phase 2 has to be done again. */
function addUnplanned(session: Session, tasks: Task[], ports: OrchestratorPorts): Result<void> {
  const list = needed(ports, session.run.run_id, "task_list");
  if (!list.ok) return list;
  session.record({
    run: { phase: "phase_1_decompose" },
    artefacts: { task_list: taskListOf([...list.value.tasks, ...tasks]) },
    discard: ["dependency_graph", "execution_plan"],
    events: [{ type: "tasks_added", tasks: tasks.map((task) => task.id) }],
  });
  return ok(undefined);
}
