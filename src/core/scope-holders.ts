/** Who else may change a file, or is going to: the reason not to give it to a task that asks for it. */
import { grownTask } from "./boundary/grown-task.ts";
import { parseScope, scopesMeet } from "./boundary/scope.ts";
import { currentResults } from "./current-results.ts";
import type { ExecuteContext } from "./execute-run.ts";
import { mayWrite } from "./model/boundary.ts";
import type { ScopeRefusal } from "./model/scope-request.ts";
import type { Task } from "./model/task.ts";

/** What is free of `files`, and who holds the rest. */
export function sortFiles(
  files: string[],
  task: Task,
  context: ExecuteContext,
): { free: string[]; held: ScopeRefusal[] } {
  const free: string[] = [];
  const held: ScopeRefusal[] = [];
  for (const path of files) {
    const holder = holderOf(path, task, context);
    if (holder === undefined) free.push(path);
    else held.push({ path, ...holder });
  }
  return { free, held };
}

/** A task that is done and merged holds nothing any more: whoever comes later starts from its result. */
function holderOf(path: string, { id }: Task, context: ExecuteContext): Omit<ScopeRefusal, "path"> | undefined {
  const { store } = context.ports;
  const { run_id } = context.session.run;
  const wanted = parseScope(path);
  const requests = store.scopeRequests(run_id);
  const results = currentResults(context);
  const merged = new Set(store.artefact(run_id, "integration")?.steps.map((step) => step.task_id));
  for (const other of context.list.tasks) {
    if (other.id === id || !mayWrite(other.access)) continue;
    const status = results.get(other.id)?.status ?? "pending";
    if (status === "failed" || status === "skipped" || (status === "success" && merged.has(other.id))) continue;
    const scope = grownTask(other, requests).files.map(parseScope);
    if (scope.some((entry) => scopesMeet(entry, wanted))) return { held_by: other.id, why: WHY[status](other.id) };
  }
  return undefined;
}

const WHY = {
  pending: (id: string): string => `it is promised to task ${id}, which is still to come`,
  running: (id: string): string => `it belongs to task ${id}, which is being worked on`,
  success: (id: string): string => `it belongs to task ${id}, whose result is not merged yet`,
};
