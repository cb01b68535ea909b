/** Ownership of runs: one piece of work may write a run at a time, each with a higher epoch than the one before. */

import { busyFailure, type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { RunOwner } from "../../core/model/run-owner.ts";
import type { OwnerToken } from "../../core/ports/run-store.ts";
import { select } from "./query.ts";
import { OwnerRow, toJson } from "./rows.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";

interface Claim {
  run_id: string;
  owner: RunOwner;
  isAlive(owner: RunOwner): boolean;
}

export function unknownRun(run_id: string): Failure {
  return failure("unknown_run", `There is no run ${run_id}.`, "Call get_run without a run_id to see the recent runs.");
}

function ownerOf(database: SqliteDatabase, run_id: string): OwnerRow | undefined {
  return select(database, {
    sql: "SELECT owner, epoch FROM run WHERE run_id = ?",
    values: [run_id],
    row: OwnerRow,
  })[0];
}

/** The owner that writes with `token`, or why it may not. Meant for inside a transaction. */
export function fence(database: SqliteDatabase, { run_id, epoch }: OwnerToken): Result<RunOwner> {
  const present = ownerOf(database, run_id);
  if (present === undefined) return err(unknownRun(run_id));
  if (epoch === present.epoch && present.owner !== null) return ok(present.owner);
  const hint = "Nothing is lost: get_run shows how it goes on.";
  return err(busyFailure(`Run ${run_id} is being worked on elsewhere now.`, hint));
}

/** Makes the claimant the owner, unless another living piece of work is. */
export function acquire(
  database: SqliteDatabase,
  { run_id, owner, isAlive }: Claim,
): Result<{ token: OwnerToken; before: RunOwner | undefined }> {
  return transaction(database, () => {
    const present = ownerOf(database, run_id);
    if (present === undefined) return err(unknownRun(run_id));
    const other = present.owner;
    if (other !== null && isAlive(other)) return err(busy(run_id, other));
    const epoch = present.epoch + 1;
    database
      .prepare("UPDATE run SET owner = ?, epoch = ? WHERE run_id = ?")
      .run(toJson(RunOwner, owner), epoch, run_id);
    return ok({ token: { run_id, epoch }, before: other ?? undefined });
  });
}

function busy(run_id: string, owner: RunOwner): Failure {
  return busyFailure(
    `Run ${run_id} is being worked on by process ${owner.pid} on ${owner.host}.`,
    "Follow it with get_run, or stop it with cancel_run; once that process has ended the run can be taken over.",
    owner,
  );
}

const PendingRow = OwnerRow.pick({ epoch: true });

/** Ends the ownership with `token`, unless something waits for its owner; a later owner is left alone. */
export function release(database: SqliteDatabase, token: OwnerToken, isPending: () => boolean): boolean {
  return transaction(database, () => {
    const [present] = select(database, {
      sql: "SELECT epoch FROM run WHERE run_id = ?",
      values: [token.run_id],
      row: PendingRow,
    });
    if (present?.epoch === token.epoch && isPending()) return false;
    abandon(database, token);
    return true;
  });
}

export function abandon(database: SqliteDatabase, { run_id, epoch }: OwnerToken): void {
  database.prepare("UPDATE run SET owner = NULL WHERE run_id = ? AND epoch = ?").run(run_id, epoch);
}
