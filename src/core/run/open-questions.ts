/** Questions that a person has to decide before the run can go on as a whole: conflicts and requests for scope. */
import { stillOpen } from "../5-aggregate/merge/still-open.ts";
import type { Conflict } from "../model/conflict.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";

type Stored = Pick<OrchestratorPorts, "store">;

/** Conflicts of the run that nobody has decided yet; a decision about other versions of the path does not count. */
export function openConflicts(runId: string, { store }: Stored): Conflict[] {
  return stillOpen(store.artefact(runId, "integration")?.conflicts ?? [], store.decisions(runId));
}

export function openScopeRequests(runId: string, { store }: Stored): ScopeRequest[] {
  return store.scopeRequests(runId).filter((request) => request.status === "awaiting_person");
}
