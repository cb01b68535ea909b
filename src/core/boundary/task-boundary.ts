/** A task's own boundary declaration: what it may touch and how. */
import type { Boundary } from "../model/boundary.ts";
import type { Task } from "../model/task.ts";

export function taskBoundary(task: Task): Boundary {
  return { task_boundary: task.id, access: task.access, scope: task.files };
}
