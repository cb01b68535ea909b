/** Task files: each holds one task, or `tasks: [...]` with an optional `request:` above them. */
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { readYaml } from "./read-yaml.ts";

export interface TaskFiles {
  /** the first file that says one */
  request: string | undefined;
  /** not validated: phase 1 judges them together */
  tasks: unknown[];
  /** of the one file that holds it, not validated; then there are no tasks */
  orchestration: unknown;
}

export async function readTaskFiles(files: string[]): Promise<Result<TaskFiles>> {
  const found: TaskFiles = { request: undefined, tasks: [], orchestration: undefined };
  for (const file of files) {
    const read = await readYaml(file, "invalid_tasks");
    if (!read.ok) return read;
    const value = read.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return err(notATask(file));
    const { tasks, request, orchestration, ...rest } = Object.fromEntries(Object.entries(value));
    if (typeof request === "string") found.request ??= request;
    const isAlone = Object.keys(rest).length === 0;
    if (orchestration !== undefined) {
      if (files.length > 1 || tasks !== undefined || !isAlone) return err(notAlone(file));
      found.orchestration = orchestration;
    } else if (tasks === undefined) found.tasks.push(value);
    else if (Array.isArray(tasks) && isAlone) found.tasks.push(...tasks);
    else return err(notATask(file));
  }
  return ok(found);
}

function notAlone(file: string): ReturnType<typeof failure> {
  const message = `${file}: orchestration stands beside other tasks`;
  return failure("invalid_tasks", message, "give it a file and a run of its own, with at most `request:` beside it");
}

function notATask(file: string): ReturnType<typeof failure> {
  const hint =
    "write one task (id, description, files …), or `tasks:` with a list of them and at most `request:` beside it";
  return failure("invalid_tasks", `${file} holds no task`, hint);
}
