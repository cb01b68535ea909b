/** A planning phase declares the scope of the writing phase: its tasks, judged field by field, become tasks of the run under names of ours. */
import { type Failure, failure } from "../model/failure.ts";
import type { WorkflowInstance } from "../model/orchestration.ts";
import { err, ok, type Result } from "../model/result.ts";
import { DeclaredTask, withoutAliases } from "../model/task.ts";
import type { WorkflowPhase } from "../model/workflow.ts";
import { declaredTaskId } from "./phase-tasks.ts";

const MAX_DECLARED = 50;

const HOW =
  'each task is {"id", "description", "files": [exact paths or "dir/**"], "estimated": "10min", "depends_on": [ids of this list]}';

/** The declared tasks with ids of the run; `depends_on` may name tasks of the same declaration only. */
export function declaredTasks(
  declared: unknown[],
  { instance, phase }: { instance: WorkflowInstance; phase: WorkflowPhase },
): Result<(DeclaredTask & { id: string })[]> {
  if (declared.length > MAX_DECLARED) {
    return err(invalid(`tasks: ${declared.length} tasks, at most ${MAX_DECLARED} are taken`));
  }
  const read = declared.map((entry) => DeclaredTask.safeParse(withoutAliases(entry)));
  for (const [index, { error }] of read.entries()) {
    const issue = error?.issues[0];
    if (issue !== undefined)
      return err(invalid(`tasks[${index}].${issue.path.map(String).join(".")}: ${issue.message}`));
  }
  const tasks = read.flatMap(({ data }) => data ?? []);
  const names = tasks.map((task, index) => task.id ?? `task_${String(index + 1).padStart(3, "0")}`);
  const ids = new Map(names.map((name, index) => [name, declaredTaskId(instance.id, phase, index + 1)]));
  if (ids.size < tasks.length) return err(invalid("tasks: an id is used twice"));
  for (const [index, { depends_on }] of tasks.entries()) {
    const unknown = depends_on.find((name) => !ids.has(name) || name === names[index]);
    if (unknown !== undefined)
      return err(invalid(`tasks[${index}].depends_on names ${unknown}, which is no other task here`));
  }
  return ok(
    tasks.map((task, index) => ({
      ...task,
      id: declaredTaskId(instance.id, phase, index + 1),
      depends_on: task.depends_on.flatMap((name) => ids.get(name) ?? []),
    })),
  );
}

function invalid(message: string): Failure {
  return failure("invalid_output", message, HOW);
}
