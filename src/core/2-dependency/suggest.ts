/** Phase 2 suggestions — what the client could change about the tasks so that more of them run at the same time. */
import { parseScope } from "../boundary/scope.ts";
import type { InferredCycle, SameFile } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import type { Suggestion } from "../model/task-list.ts";

/** This many tasks on one file are a queue. */
const QUEUE = 3;

export function suggest(tasks: Task[], cycles: InferredCycle[], sameFile: SameFile): Suggestion[] {
  return [...cycles.map(mergeCycle), ...twins(tasks), ...(sameFile === "sequential" ? queues(tasks) : [])];
}

function mergeCycle({ tasks }: InferredCycle): Suggestion {
  const message = `${tasks.join(", ")} use each other's changes: make them one task, or declare which goes first`;
  return { message, apply: { merge: tasks } };
}

/** Tasks with exactly the same scope can never run side by side: they may as well be one. */
function twins(tasks: Task[]): Suggestion[] {
  const groups = new Map<string, string[]>();
  for (const task of tasks.filter((one) => one.access === "write")) {
    const key = JSON.stringify([...task.files].sort());
    groups.set(key, [...(groups.get(key) ?? []), task.id]);
  }
  return [...groups.values()]
    .filter((ids) => ids.length > 1)
    .map((ids) => {
      return { message: `${ids.join(", ")} have the same scope: one task would do`, apply: { merge: ids } };
    });
}

function queues(tasks: Task[]): Suggestion[] {
  const users = new Map<string, Set<string>>();
  for (const task of tasks.filter((one) => one.access === "write")) {
    for (const scope of task.files.map(parseScope)) {
      if (scope.kind === "file") users.set(scope.path, (users.get(scope.path) ?? new Set()).add(task.id));
    }
  }
  return [...users]
    .filter(([, ids]) => ids.size >= QUEUE)
    .sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1))
    .map(([path, ids]) => ({
      message:
        `${path} is in the scope of ${ids.size} tasks (${[...ids].join(", ")}), which therefore run one after another: let one of them ` +
        `own it, name the symbol each changes (${path}#name) with same_file: optimistic, or split the file`,
    }));
}
