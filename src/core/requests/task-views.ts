/** One task of a run as its agent and its reviewer see it: the brief it got, the change it made. */

import { brief } from "../4-execute/brief.ts";
import { inputsOf } from "../4-execute/inputs-of.ts";
import { failuresOf } from "../4-execute/retry-rule.ts";
import { grownTask } from "../boundary/grown-task.ts";
import type { Attempt } from "../model/attempt.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
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

/** Two commits of the run's repository: before a change and after it. */
export interface CommitRange {
  from: string;
  to: string;
}

/** The change of the task's last attempt that made one, accepted or not. */
export function taskChange(
  runId: string,
  taskId: string,
  ports: Pick<OrchestratorPorts, "store">,
): Result<CommitRange> {
  const found = taskOf(runId, taskId, ports);
  if (!found.ok) return found;
  for (const { base, change, kept } of found.value.attempts.toReversed()) {
    const to = change?.commit ?? kept?.commit;
    if (to !== undefined) return ok({ from: base, to });
  }
  return err(failure("wrong_phase", `task ${taskId} has changed nothing so far`, "its log says what was tried"));
}

/** What the run has come to: as delivered, or as merged so far. */
export function wholeChange(run: Run, { store }: Pick<OrchestratorPorts, "store">): Result<CommitRange> {
  const report = store.artefact(run.run_id, "report");
  const from = report?.onto?.commit ?? run.base_commit;
  const to = report?.commit ?? store.artefact(run.run_id, "integration")?.tip ?? from;
  if (to !== from) return ok({ from, to });
  return err(failure("wrong_phase", `run ${run.run_id} has merged nothing so far`, "name a task to see what it did"));
}

/** Changes of the last attempt that made some, accepted or not, as a unified diff. */
export async function taskDiff(
  runId: string,
  taskId: string,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<string>> {
  const found = taskOf(runId, taskId, ports);
  if (!found.ok) return found;
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const change = taskChange(runId, taskId, ports);
  return ok(change.ok ? await session.value.repository.diff(change.value.from, change.value.to) : "");
}
