/** More work for a run that has begun: judged like any task list, left for the run's owner, and taken up at once where there is none. */
import type { Amendment } from "../model/amendment.ts";
import { busyFailure, type Failure, failure } from "../model/failure.ts";
import { hasEnded } from "../model/life.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import { judgeTasks } from "../planning/judge-tasks.ts";
import { agentProblem } from "../run/check-agents.ts";
import { openSession } from "../run/run-session.ts";
import { stateOf } from "../run/run-status.ts";
import { type RunCore, refusalOf, takenUp } from "./run-core.ts";

export interface Added {
  /** ids of the new tasks */
  tasks: string[];
  /** false while the run's owner has not come to its next decision yet; the tasks are on record all the same */
  taken_up: boolean;
}

/** Fails as `decompose_work` does for tasks that are not sound, and with `wrong_phase` for a run that has ended. */
export async function addTasks(
  runId: string,
  tasks: unknown[],
  core: Pick<RunCore, "ports" | "live">,
): Promise<Result<Added>> {
  const { ports } = core;
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
  const left = ports.store.leave(runId, { type: "amendment", amendment });
  if (!left.ok) return left;
  const taken = await takenUp(runId, left.value, core);
  if (!taken.ok) return taken;
  const refused = refusalOf(runId, left.value, ports);
  return refused === undefined ? ok({ tasks: ids, taken_up: taken.value }) : err(refused);
}

function stateProblem(runId: string, state: RunState): Failure | undefined {
  if (state === "aggregating") {
    const hint = "wait for its report with get_run, then begin a new run for what is left";
    return busyFailure(`run ${runId} is being aggregated: it takes no more tasks`, hint);
  }
  if (!hasEnded(state)) return undefined;
  return failure("wrong_phase", `run ${runId} is ${state}: it takes no more tasks`, "begin a new run for them");
}
