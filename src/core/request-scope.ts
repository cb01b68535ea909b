/** The decision on a request for more files, by the rule of the run and by who holds what. */
import { grownTask } from "./boundary/grown-task.ts";
import type { ExecuteContext } from "./execute-run.ts";
import { mayWrite } from "./model/boundary.ts";
import type { ScopeRefusal, ScopeRequest } from "./model/scope-request.ts";
import { sortFiles } from "./scope-holders.ts";

/** Decides by the run's rule; nothing is stored yet. */
export function requestScope(
  context: ExecuteContext,
  ask: { task_id: string; files: string[]; reason: string },
): ScopeRequest {
  const { ports, session, list } = context;
  const { run_id, settings } = session.run;
  const requests = ports.store.scopeRequests(run_id);
  const number = requests.filter((request) => request.task_id === ask.task_id).length + 1;
  const now = ports.clock.now();
  const asked = { ...ask, request_id: `scope:${ask.task_id}:${number}`, asked_at: now };
  const declared = list.tasks.find((task) => task.id === ask.task_id);
  const task = declared && grownTask(declared, requests);
  if (task === undefined || !mayWrite(task.access)) return refusedAll(asked, "this task may change no file");
  const owned = ask.files.filter((file) => task.files.includes(file));
  const { free, held } = sortFiles(ask.files, task, context);
  if (settings.scope_requests === "refuse" && free.length > owned.length) {
    return refusedAll(asked, "the operator's configuration grants no further scope (scope_requests: refuse)");
  }
  if (free.length === 0) return { ...asked, status: "refused", granted: [], refused: held, decided_at: now };
  if (settings.scope_requests === "ask" && free.length > owned.length) {
    return { ...asked, status: "awaiting_person", granted: [], refused: held };
  }
  return { ...asked, status: "granted", granted: free, refused: held, decided_at: now };
}

type Asked = Pick<ScopeRequest, "request_id" | "task_id" | "files" | "reason" | "asked_at">;

function refusedAll(asked: Asked, why: string): ScopeRequest {
  const refused = asked.files.map((path): ScopeRefusal => ({ path, why }));
  return { ...asked, status: "refused", granted: [], refused, decided_at: asked.asked_at };
}

export function openScopeRequests(runId: string, { store }: Pick<ExecuteContext["ports"], "store">): ScopeRequest[] {
  return store.scopeRequests(runId).filter((request) => request.status === "awaiting_person");
}
