/** One task of a run as its agent and its reviewer see it: the brief it got, the change it made. */

import { brief } from "../4-execute/brief.ts";
import { inputsOf } from "../4-execute/inputs-of.ts";
import { failuresOf } from "../4-execute/retry-rule.ts";
import { grownTask } from "../boundary/grown-task.ts";
import type { Attempt } from "../model/attempt.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { needed, openSession } from "../run/run-session.ts";
import { taskContextOf } from "../run/task-context.ts";

/** A task with the scope it was granted, and all that was tried of it. */
export interface TaskRecord {
  task: Task;
  attempts: Attempt[];
}

/** The task and its attempts, or a failure that lists the run's task ids. */
export function taskOf(runId: string, taskId: string, ports: Pick<OrchestratorPorts, "store">): Result<TaskRecord> {
  const list = needed(ports, runId, "task_list");
  if (!list.ok) return list;
  const task = list.value.tasks.find((candidate) => candidate.id === taskId);
  if (task === undefined) {
    const ids = list.value.tasks.map((candidate) => candidate.id).slice(0, 20);
    const message = `task_id ${JSON.stringify(taskId)} is no task of run ${runId}`;
    return err(failure("invalid_input", message, `its tasks: ${ids.join(", ")}`));
  }
  const attempts = ports.store.attempts(runId).filter((attempt) => attempt.task_id === taskId);
  return ok({ task: grownTask(task, ports.store.scopeRequests(runId)), attempts });
}

/** The brief of the task's last attempt, or of its first when it has none. */
export async function taskBrief(
  runId: string,
  taskId: string,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<string>> {
  const found = taskOf(runId, taskId, ports);
  if (!found.ok) return found;
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const { run } = session.value;
  const { task, attempts } = found.value;
  const failed = failuresOf(attempts.slice(0, -1));
  const taskContext = taskContextOf(runId, task, ports);
  const base = attempts.at(-1)?.base ?? run.base_commit;
  const inputs = inputsOf(task, ports.store.attempts(runId));
  return ok(brief({ run, task, base, inputs }, { failed, taskContext }));
}

/** Changes of the last attempt, accepted or not, as a unified diff. */
export async function taskDiff(
  runId: string,
  taskId: string,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<string>> {
  const found = taskOf(runId, taskId, ports);
  if (!found.ok) return found;
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const last = found.value.attempts.at(-1);
  const commit = last?.change?.commit ?? last?.kept?.commit;
  if (last === undefined || commit === undefined) return ok("");
  return ok(await session.value.repository.diff(last.base, commit));
}
