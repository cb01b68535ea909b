/** A request for more files: who holds them, the decision by the rule of the run, and its way onto the record and into the plan. */
import { grownTask } from "../boundary/grown-task.ts";
import { parseScope, scopesMeet } from "../boundary/scope.ts";
import type { Amendment } from "../model/amendment.ts";
import { mayWrite } from "../model/boundary.ts";
import { ok, type Result } from "../model/result.ts";
import type { ScopeRefusal, ScopeRequest } from "../model/scope-request.ts";
import type { Task } from "../model/task.ts";
import { amendRun, takeUpAmendments } from "../planning/amend-run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { currentResults } from "../run/current-results.ts";
import { type ExecuteContext, planned } from "../run/planned-run.ts";
import { takeOver } from "../run/take-over.ts";

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

/** The grant counts from here on, whoever works on the task; tasks that have not started are planned again. */
export async function recordScopeRequest(
  runId: string,
  request: ScopeRequest,
  ports: OrchestratorPorts,
): Promise<Result<void>> {
  const { request_id, task_id, status, granted } = request;
  const refused = request.refused.map(({ path }) => path);
  const event = { type: "scope_decided", task_id, request_id, status, granted, refused } as const;
  const applied = ports.store.apply(runId, { scope_request: request, events: [event] });
  if (!applied.ok) return applied;
  ports.observe(runId, event);
  ports.bell.ring(runId);
  return granted.length === 0
    ? ok(undefined)
    : planAgain(runId, { type: "grow_scope", task_id, files: granted }, ports);
}

/** Left for the run's owner at its next decision; done here where nobody is at work. */
async function planAgain(runId: string, amendment: Amendment, ports: OrchestratorPorts): Promise<Result<void>> {
  const left = ports.store.amend(runId, amendment);
  if (!left.ok) return left;
  if (left.value) return ok(undefined);
  const taken = await takeOver(runId, ports);
  if (!taken.ok) return taken;
  try {
    const context = planned(taken.value.session, ports);
    if (!context.ok) return context;
    const amended = await amendRun(await takeUpAmendments(context.value), amendment);
    return amended.ok ? ok(undefined) : amended;
  } finally {
    ports.store.release(runId, taken.value.epoch);
  }
}
