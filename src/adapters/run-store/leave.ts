/** Entries that anybody may leave for a run's owner: the one way to write a run without owning it; the caller holds the transaction. */
import { type Failure, failure } from "../../core/model/failure.ts";
import { mayLeave } from "../../core/model/life.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { Run } from "../../core/model/run.ts";
import type { Entry, Left, ScopeDecision } from "../../core/ports/run-store.ts";
import { staleLease } from "./lease-version.ts";
import { unknownRun } from "./ownership.ts";
import { readDecisions, readRun, readScopeRevision } from "./read.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import {
  appendAmendment,
  appendEvents,
  updateRun,
  type Writing,
  writeDecision,
  writeLease,
  writeScopeRequest,
} from "./write.ts";

export function leaveEntry(writing: Writing, entry: Entry): Result<Left> {
  const run = readRun(writing.database, writing.run_id);
  if (run === undefined) return err(unknownRun(writing.run_id));
  if (!mayLeave(entry.type, run.state)) return err(notIn(run, entry));
  const refusal = refusalOf(writing, entry);
  if (refusal !== undefined) return err(refusal);
  const seq = write(writing, entry);
  appendEvents(writing, entry.events ?? []);
  writing.database.prepare("UPDATE run SET inbox = inbox + 1 WHERE run_id = ?").run(writing.run_id);
  return ok({ seq, owned: run.owner !== undefined });
}

function notIn({ run_id, state }: Run, { type }: Entry): Failure {
  const hint = state === "executing" ? "wait for it with get_run" : "look at it with get_run";
  return failure("wrong_phase", `run ${run_id} is ${state}: ${NOT_IN[type] ?? "it takes nothing more"}`, hint);
}

const NOT_IN: Partial<Record<Entry["type"], string>> = {
  amendment: "it takes no more tasks",
  scope_request: "no task of it needs more files",
  pause: "there is nothing to pause",
  cancel: "there is nothing to cancel",
};

function refusalOf({ database, run_id }: Writing, entry: Entry): Failure | undefined {
  switch (entry.type) {
    case "lease":
      return staleLease(database, run_id, entry.lease);
    case "scope_request":
      return staleDecision(database, run_id, entry);
    case "decision": {
      const { conflict_id, sides } = entry.decision;
      const same = readDecisions(database, run_id).find((one) => one.conflict_id === conflict_id);
      if (same === undefined || same.sides !== sides) return undefined;
      const message = `conflict ${conflict_id} was decided by someone else at the same moment: ${same.choice}`;
      return failure("changed_meanwhile", message, "look at the run with get_run");
    }
    default:
      return undefined;
  }
}

/** Why a request for scope may not be written as it was decided, if so. */
export function staleDecision(
  database: SqliteDatabase,
  run_id: string,
  decision: ScopeDecision | undefined,
): Failure | undefined {
  if (decision === undefined || readScopeRevision(database, run_id) === decision.revision) return undefined;
  const message = "another request for files was asked or decided at the same moment";
  return failure("changed_meanwhile", message, "ask again");
}

/** The number of the amendment that was left, if one was. */
function write(writing: Writing, entry: Entry): number | undefined {
  switch (entry.type) {
    case "amendment":
      return appendAmendment(writing, entry.amendment);
    case "scope_request":
      return writeScopeRequest(writing, entry.request);
    case "lease":
      return writeLease(writing, entry.lease);
    case "decision":
      return writeDecision(writing, entry.decision);
    case "pause":
      return updateRun(writing, { pause_requested: true });
    case "cancel":
      return updateRun(writing, { cancel_requested: true });
  }
}
