/** A task with what it was granted on the way: its scope is the declared one and every grant, from the moment of the grant on. */
import type { ScopeRequest } from "../model/scope-request.ts";
import type { Task } from "../model/task.ts";

export function grownTask(task: Task, requests: ScopeRequest[]): Task {
  const granted = requests.filter((request) => request.task_id === task.id).flatMap((request) => request.granted);
  const missing = granted.filter((file) => !task.files.includes(file));
  return missing.length === 0 ? task : { ...task, files: [...new Set([...task.files, ...missing])] };
}
