/** Phase 4.3 — what the tasks before a task handed back goes into its brief: those it declares that it needs, and no others. */
import type { Attempt } from "../model/attempt.ts";
import type { Task } from "../model/task.ts";
import type { TaskHandover } from "./execute-ports.ts";

/** In the order of `depends_on`; a task that handed nothing back is left out. */
export function inputsOf(task: Task, attempts: Attempt[]): TaskHandover[] {
  return task.depends_on.flatMap((task_id) => {
    const accepted = attempts.findLast((attempt) => attempt.task_id === task_id && attempt.state === "accepted");
    return accepted?.output === undefined ? [] : [{ task_id, output: accepted.output }];
  });
}
