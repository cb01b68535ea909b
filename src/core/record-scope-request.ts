/** A request for scope on its way into the store: first the request with its grant, then the plan that takes account of it. */
import { amendRun, takeUpAmendments } from "./amend-run.ts";
import type { Amendment } from "./model/amendment.ts";
import { ok, type Result } from "./model/result.ts";
import type { ScopeRequest } from "./model/scope-request.ts";
import { planned } from "./planned-run.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import { takeOver } from "./take-over.ts";

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
