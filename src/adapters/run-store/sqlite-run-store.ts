/** The run store on one SQLite file: no server, several processes at once, and a change that was acknowledged survives `kill -9`. */
import { err, ok } from "../../core/model/result.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { RunStore } from "../../core/ports/run-store.ts";
import { staleLease } from "./lease-version.ts";
import { acquire, fence, release } from "./ownership.ts";
import {
  readAmendments,
  readArtefact,
  readAttempts,
  readDecisions,
  readEvents,
  readLeaseOf,
  readLeases,
  readPastDecisions,
  readRun,
  readRuns,
  readScopeRequests,
} from "./read.ts";
import { migrate } from "./schema.ts";
import { releaseSlot, takeSlot } from "./slots.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";
import { openDatabase } from "./sqlite-driver.ts";
import { settle } from "./storage-error.ts";
import { appendAmendment, appendEvents, insertRun, writeChange } from "./write.ts";

/**
 * Opens the store in `file`, creating it where it is missing. Throws a StorageError, whose message names the file, the cause and
 * the cure, when the file is damaged, not accessible or of a newer Forkjoin. So do those methods that return no Result.
 */
export function openRunStore(file: string, clock: Clock): RunStore {
  const database = openMigrated(file);
  return {
    create: (run, events) =>
      transaction(database, () => {
        insertRun(database, run);
        appendEvents({ database, run_id: run.run_id, now: clock.now() }, events);
      }),
    run: (run_id) => readRun(database, run_id),
    runs: (limit) => readRuns(database, limit),
    artefact: (run_id, kind) => readArtefact(database, run_id, kind),
    attempts: (run_id) => readAttempts(database, run_id),
    decisions: (run_id) => readDecisions(database, run_id),
    pastDecisions: (run_id) => readPastDecisions(database, run_id),
    leases: (run_id) => readLeases(database, run_id),
    leaseOf: (token_hash) => readLeaseOf(database, token_hash),
    scopeRequests: (run_id) => readScopeRequests(database, run_id),
    events: (run_id, after_seq) => readEvents(database, run_id, after_seq),
    apply: (run_id, change, epoch) =>
      settle(() =>
        transaction(database, () => {
          const refusal = fence(database, run_id, epoch) ?? staleLease(database, run_id, change.lease);
          if (refusal !== undefined) return err(refusal);
          return ok(writeChange({ database, run_id, now: clock.now() }, change));
        }),
      ),
    amendments: (run_id) => readAmendments(database, run_id),
    amend: (run_id, amendment) =>
      settle(() =>
        transaction(database, () => {
          const refusal = fence(database, run_id, undefined);
          return refusal === undefined ? ok(appendAmendment({ database, run_id }, amendment)) : err(refusal);
        }),
      ),
    acquire: (run_id, owner, isAlive) => settle(() => acquire(database, { run_id, owner, isAlive })),
    release: (run_id, epoch) => release(database, run_id, epoch),
    takeSlot: (request, isAlive) => takeSlot(database, request, isAlive),
    releaseSlot: (number, owner) => releaseSlot(database, number, owner),
    close: () => database.close(),
  };
}

function openMigrated(file: string): SqliteDatabase {
  const database = openDatabase(file);
  try {
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
