/** The order in which results are merged: (batch, place in the task list), or the stream's own order; never finishing time. */
import type { ExecutionPlan } from "./execution-plan.ts";
import type { Task } from "./task.ts";
import type { TaskList } from "./task-list.ts";

export function mergeOrder({ batches, order }: ExecutionPlan, { tasks }: TaskList): Task[] {
  if (order === undefined) {
    return batches.flatMap((batch) => {
      const ids = new Set(batch.tasks);
      return tasks.filter((task) => ids.has(task.id));
    });
  }
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return order.flatMap((id) => byId.get(id) ?? []);
}
