/** Phase 5.2 for a person: which conflicts are open, and an answer to one of them. */
import { decide } from "../5-aggregate/merge/decide.ts";
import type { Choice, Conflict } from "../model/conflict.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { openConflicts } from "../run/open-questions.ts";
import { openSession } from "../run/run-session.ts";

export interface Answer {
  conflict_id: string;
  choice: Choice;
  /** the whole file, for choice `edited` */
  content?: string | undefined;
}

/** Stores the answer; the next batch or aggregation uses it. Returns the conflicts that are left. */
export async function resolveConflict(
  runId: string,
  answer: Answer,
  ports: Pick<OrchestratorPorts, "store" | "openRepository" | "clock" | "observe" | "notifier">,
): Promise<Result<Conflict[]>> {
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const open = openConflicts(runId, ports);
  const conflict = open.find((candidate) => candidate.conflict_id === answer.conflict_id);
  if (conflict === undefined) {
    const ids = open.map((candidate) => candidate.conflict_id).join(", ") || "none";
    const message = `conflict_id ${JSON.stringify(answer.conflict_id)} is not open`;
    return err(failure("unknown_conflict", message, `open conflicts: ${ids}`));
  }
  const decision = await decide(conflict, { ...answer, at: ports.clock.now() }, session.value.repository);
  if (!decision.ok) return decision;
  const event = { type: "conflict_decided", conflict_id: conflict.conflict_id, choice: answer.choice } as const;
  const left = ports.store.leave(runId, { type: "decision", decision: decision.value, events: [event] });
  if (!left.ok) return left;
  ports.observe(runId, event);
  ports.notifier.notify(runId);
  return ok(openConflicts(runId, ports));
}
