/** A request for more files: who holds them, the decision by the rule of the run, and its way onto the record and into the plan. */
import { grownTask } from "../boundary/grown-task.ts";
import { parseScope, scopesMeet } from "../boundary/scope.ts";
import { mayWrite } from "../model/boundary.ts";
import type { Event } from "../model/event.ts";
import { ok, type Result } from "../model/result.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { ScopeRefusal, ScopeRequest } from "../model/scope-request.ts";
import { needsPerson } from "../model/steering.ts";
import type { Task } from "../model/task.ts";
import { currentResults } from "../run/current-results.ts";
import type { OwnedRun, PlannedRun } from "../run/planned-run.ts";
import { type RunCore, takenUp } from "./run-core.ts";

/** Files that a task asks for, and why. */
export interface Ask {
  task_id: string;
  files: string[];
  reason: string;
}

/** Decides by the run's rule; nothing is stored yet. */
export function requestScope(context: PlannedRun, ask: Ask): ScopeRequest {
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
  const rule = settings.scope_requests ?? (ports.canAsk ? "ask" : "nobody");
  if (free.length > owned.length && (rule === "refuse" || rule === "nobody")) return refusedAll(asked, REFUSALS[rule]);
  if (free.length === 0) return { ...asked, status: "refused", granted: [], refused: held, decided_at: now };
  if (rule === "ask" && free.length > owned.length) {
    return { ...asked, status: "awaiting_person", granted: [], refused: held };
  }
  return byRule({ ...asked, status: "granted", granted: free, refused: held, decided_at: now }, owned, ports.canAsk);
}

const REFUSALS = {
  refuse: "the operator's configuration grants no further scope (scope_requests: refuse)",
  nobody: "nobody can be asked here; `scope_requests: ask` leaves it to `forkjoin resolve`, `grant` gives what is free",
};

/** Request after the reservation for persons: files that run or steer others, and whole trees, only a person grants, whatever the rule says. */
function byRule(request: ScopeRequest, owned: string[], canAsk: boolean): ScopeRequest {
  const closed = request.granted.flatMap((path): ScopeRefusal[] => {
    const why = owned.includes(path) ? undefined : needsPerson(path);
    return why === undefined ? [] : [{ path, why: `${why}: only a person grants it` }];
  });
  if (closed.length === 0) return request;
  if (canAsk) {
    const { decided_at: _, ...open } = request;
    return { ...open, status: "awaiting_person", granted: [] };
  }
  const granted = request.granted.filter((path) => !closed.some((one) => one.path === path));
  const status = granted.length === 0 ? "refused" : "granted";
  return { ...request, status, granted, refused: [...request.refused, ...closed] };
}

type Asked = Pick<ScopeRequest, "request_id" | "task_id" | "files" | "reason" | "asked_at">;

function refusedAll(asked: Asked, why: string): ScopeRequest {
  const refused = asked.files.map((path): ScopeRefusal => ({ path, why }));
  return { ...asked, status: "refused", granted: [], refused, decided_at: asked.asked_at };
}

/** Entries of `files` that are free, and the holders of the rest. */
export function sortFiles(files: string[], task: Task, context: PlannedRun): { free: string[]; held: ScopeRefusal[] } {
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
function holderOf(path: string, { id }: Task, context: PlannedRun): Omit<ScopeRefusal, "path"> | undefined {
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

/** Decision on a request, and whether it is another one than those on record. */
export interface Decided {
  request: ScopeRequest;
  isNew: boolean;
}

/**
 * Leaves what `decide` makes of the run as it is now; decided anew when another request was decided at the same moment. A grant
 * counts from here on, whoever works on the task; tasks that have not started are planned again.
 */
export async function leaveScopeRequest(
  runId: string,
  decide: (context: PlannedRun) => Decided,
  core: Pick<RunCore, "ports" | "live" | "context">,
): Promise<Result<ScopeRequest>> {
  const { store, observe, notifier } = core.ports;
  for (;;) {
    const revision = store.scopeRevision(runId);
    const context = await core.context(runId);
    if (!context.ok) return context;
    const { request, isNew } = decide(context.value);
    if (!isNew) return ok(request);
    const event = decisionEvent(request);
    const left = store.leave(runId, { type: "scope_request", request, revision, events: [event] });
    if (!left.ok && left.error.code === "changed_meanwhile") continue;
    if (!left.ok) return left;
    observe(runId, event);
    notifier.notify(runId);
    const taken = request.granted.length === 0 ? ok(true) : await takenUp(runId, left.value, core);
    return taken.ok ? ok(request) : taken;
  }
}

/** The same for the run's owner, about a task that it carries out. */
export function decideAsOwner(context: OwnedRun, ask: Ask): void {
  const { session, ports } = context;
  for (;;) {
    const revision = ports.store.scopeRevision(session.run.run_id);
    const request = requestScope(context, ask);
    const events = [decisionEvent(request)];
    const written = session.write({ scope_decision: { request, revision }, events });
    if (written.ok) break;
    if (written.error.code !== "changed_meanwhile") throw new RunStopped(written.error);
  }
  ports.notifier.notify(session.run.run_id);
}

function decisionEvent({ request_id, task_id, status, granted, refused }: ScopeRequest): Event {
  const paths = refused.map(({ path }) => path);
  return { type: "scope_decided", task_id, request_id, status, granted, refused: paths };
}
