/** What a person has to decide before the run can go on as a whole: conflicts and requests for scope. */
import { sidesAsked } from "../5-aggregate/merge/conflict-sides.ts";
import type { Conflict } from "../model/conflict.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { ExecuteContext } from "./planned-run.ts";

/** Conflicts of the run that nobody has decided yet; a decision about other versions of the path does not count. */
export function openConflicts(runId: string, ports: OrchestratorPorts): Conflict[] {
  const decided = new Set(ports.store.decisions(runId).map((decision) => `${decision.conflict_id} ${decision.sides}`));
  const conflicts = ports.store.artefact(runId, "integration")?.conflicts ?? [];
  return conflicts.filter((conflict) => !decided.has(`${conflict.conflict_id} ${sidesAsked(conflict)}`));
}

export function openScopeRequests(runId: string, { store }: Pick<ExecuteContext["ports"], "store">): ScopeRequest[] {
  return store.scopeRequests(runId).filter((request) => request.status === "awaiting_person");
}
