/** Who may write a run: one process at a time, each with a higher epoch than the one before. */
import { ProcessIdentity } from "../../core/model/attempt.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { select } from "./query.ts";
import { OwnerRow, toJson } from "./rows.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";

interface Claim {
  run_id: string;
  owner: ProcessIdentity;
  isAlive(process: ProcessIdentity): boolean;
}

function unknownRun(run_id: string): Failure {
  return failure("unknown_run", `There is no run ${run_id}.`, "Call get_run without a run_id to see the recent runs.");
}

function holder(owner: ProcessIdentity | null): string {
  return owner === null ? "no process" : `process ${owner.pid} on ${owner.host}`;
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.host === b.host && a.pid === b.pid && a.start_time === b.start_time && a.boot_id === b.boot_id;
}

function ownerOf(database: SqliteDatabase, run_id: string): OwnerRow | undefined {
  return select(database, {
    sql: "SELECT owner, epoch FROM run WHERE run_id = ?",
    values: [run_id],
    row: OwnerRow,
  })[0];
}

/** Why a writer with `epoch` may not write the run, if so. Meant for inside a transaction. */
export function fence(database: SqliteDatabase, run_id: string, epoch: number | undefined): Failure | undefined {
  const present = ownerOf(database, run_id);
  if (present === undefined) return unknownRun(run_id);
  if (epoch === undefined || (epoch === present.epoch && present.owner !== null)) return undefined;
  return failure(
    "run_busy",
    `Run ${run_id} was taken over or released: this writer had epoch ${epoch}, now it is ${present.epoch}, held by ${holder(present.owner)}.`,
    "Stop working on the run here; get_run shows how it goes on.",
  );
}

/** Makes the claimant the owner, unless another living process is; the value is the new epoch. */
export function acquire(database: SqliteDatabase, { run_id, owner, isAlive }: Claim): Result<number> {
  return transaction(database, () => {
    const present = ownerOf(database, run_id);
    if (present === undefined) return err(unknownRun(run_id));
    const other = present.owner;
    if (other !== null && !isSame(other, owner) && isAlive(other)) return err(busy(run_id, other));
    const epoch = present.epoch + 1;
    database
      .prepare("UPDATE run SET owner = ?, epoch = ? WHERE run_id = ?")
      .run(toJson(ProcessIdentity, owner), epoch, run_id);
    return ok(epoch);
  });
}

function busy(run_id: string, owner: ProcessIdentity): Failure {
  return failure(
    "run_busy",
    `Run ${run_id} is being worked on by ${holder(owner)}.`,
    "Follow it with get_run, or stop it with cancel_run; once that process has ended the run can be taken over.",
  );
}

/** Ends the ownership with `epoch`; a later owner is left alone. */
export function release(database: SqliteDatabase, run_id: string, epoch: number): void {
  database.prepare("UPDATE run SET owner = NULL WHERE run_id = ? AND epoch = ?").run(run_id, epoch);
}
