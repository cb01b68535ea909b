/** Tasks of a run done again on a person's word: on top of what is merged, in the same run, on the same branch. */
import type { Retry } from "../model/amendment.ts";
import type { TaskResult } from "../model/batch-results.ts";
import { busyFailure, type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { retriedTasks } from "../planning/judge-tasks.ts";
import { agentProblem } from "../run/check-agents.ts";
import { currentResults } from "../run/current-results.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { stateOf } from "../run/run-status.ts";
import { type RunCore, refusalOf, takenUp } from "./run-core.ts";

/** What is to be done again, and how. */
export interface RetryRequest {
  /** ids; every task that failed when empty. One that succeeded is done anew when it is named */
  tasks: string[];
  /** agent for all of them from now on */
  agent?: string | undefined;
  /** a word to their agents, put behind the description */
  note?: string | undefined;
  /** by task id: description and scope from now on */
  changes?: Record<string, { description?: string | undefined; files?: string[] | undefined }> | undefined;
}

export interface Retried {
  /** ids of the tasks that begin anew */
  tasks: string[];
  /** false while the run's owner has not come to its next decision yet; the request is on record all the same */
  taken_up: boolean;
}

/** Fails with `wrong_phase` where there is nothing to do again, with `invalid_input` for tasks that the run does not have, and as phase 1 does for changes that are not sound. */
export async function retryTasks(
  runId: string,
  request: RetryRequest,
  core: Pick<RunCore, "ports" | "live" | "context">,
): Promise<Result<Retried>> {
  const { ports } = core;
  const context = await core.context(runId);
  if (!context.ok) return context;
  const { run } = context.value.session;
  const refused = stateProblem(runId, stateOf(run, ports));
  if (refused !== undefined) return err(refused);
  const chosen = chosenTasks(context.value, request.tasks);
  if (!chosen.ok) return chosen;
  const configured = await ports.configurationFor(run.repository);
  if (!configured.ok) return configured;
  const { agents } = configured.value;
  const present = { ...run, settings: { ...run.settings, agents: { ...run.settings.agents, ...agents } } };
  const retries = chosen.value.map((task) => retryOf(task, request));
  const { session, list } = context.value;
  const judged = await retriedTasks({ session: { ...session, run: present }, list }, retries, ports);
  if (!judged.ok) return judged;
  const problem = await agentProblem(present, judged.value, ports);
  if (problem !== undefined) return err(problem);
  const left = ports.store.leave(runId, { type: "amendment", amendment: { type: "retry", tasks: retries, agents } });
  if (!left.ok) return left;
  const taken = await takenUp(runId, left.value, core);
  if (!taken.ok) return taken;
  const late = refusalOf(runId, left.value, ports);
  const tasks = retries.map(({ task_id }) => task_id);
  return late === undefined ? ok({ tasks, taken_up: taken.value }) : err(late);
}

function stateProblem(runId: string, state: RunState): Failure | undefined {
  if (state === "aggregating") {
    return busyFailure(`run ${runId} is being aggregated`, "wait for its report with get_run, then retry");
  }
  if (state !== "cancelled") return undefined;
  return failure("wrong_phase", `run ${runId} was cancelled: it is over`, "begin a new run for its tasks");
}

function chosenTasks(context: PlannedRun, ids: string[]): Result<Task[]> {
  const results = currentResults(context);
  const { tasks } = context.list;
  if (ids.length === 0) {
    const failed = tasks.filter(({ id }) => results.get(id)?.status === "failed");
    if (failed.length > 0) return ok(failed);
    const hint = "name a task to have it done again although it succeeded";
    return err(failure("wrong_phase", `no task of run ${context.session.run.run_id} has failed`, hint));
  }
  const chosen: Task[] = [];
  for (const id of new Set(ids)) {
    const task = tasks.find((one) => one.id === id);
    const result = results.get(id);
    if (task === undefined || result === undefined) {
      const known = tasks.map((one) => one.id).slice(0, 20);
      const message = `task ${JSON.stringify(id)} is no task of run ${context.session.run.run_id}`;
      return err(failure("invalid_input", message, `its tasks: ${known.join(", ")}`));
    }
    const problem = resultProblem(result);
    if (problem !== undefined) return err(problem);
    chosen.push(task);
  }
  return ok(chosen);
}

function resultProblem({ task_id, status, error }: TaskResult): Failure | undefined {
  switch (status) {
    case "pending":
      return failure("wrong_phase", `task ${task_id} has not ended yet`, "execute_batch does it");
    case "running":
      return failure("wrong_phase", `task ${task_id} is at work`, "wait until it has ended");
    case "skipped": {
      const why = error?.message ?? "it was skipped";
      return failure(
        "wrong_phase",
        `task ${task_id} was skipped: ${why}`,
        "retry what it waits for: it follows by itself",
      );
    }
    default:
      return undefined;
  }
}

function retryOf(task: Task, { agent, note, changes = {} }: RetryRequest): Retry {
  const { description = task.description, files } = changes[task.id] ?? {};
  const said = note === undefined ? description : `${description.trimEnd()}\n\n${note.trim()}`;
  return {
    task_id: task.id,
    ...(agent === undefined ? {} : { agent }),
    ...(said === task.description ? {} : { description: said }),
    ...(files === undefined ? {} : { files }),
  };
}
