/** The run store on one SQLite file: no server, several processes at once, and a change that was acknowledged survives `kill -9`. */

import { hasEnded } from "../../core/model/life.ts";
import { err, ok } from "../../core/model/result.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { RunStore } from "../../core/ports/run-store.ts";
import { eventually } from "./eventually.ts";
import { staleLease } from "./lease-version.ts";
import { leaveEntry, staleDecision } from "./leave.ts";
import { abandon, acquire, fence, release } from "./ownership.ts";
import {
  readAmendments,
  readArtefact,
  readAttempts,
  readDecisions,
  readDurations,
  readEvents,
  readInbox,
  readLeaseOf,
  readLeases,
  readPastDecisions,
  readRun,
  readRuns,
  readScopeRequests,
  readScopeRevision,
} from "./read.ts";
import { migrate } from "./schema.ts";
import { releaseSlot, takeSlot } from "./slots.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";
import { openDatabase } from "./sqlite-driver.ts";
import { asResult } from "./storage-error.ts";
import { insertRun, writeChange } from "./write.ts";

/**
 * Opens the store in `file`, creating it where it is missing. Throws a StorageError, whose message names the file, the cause and
 * the cure, when the file is damaged, not accessible or of a newer Forkjoin. So do those methods that return no Result.
 */
export function openRunStore(file: string, clock: Clock): RunStore {
  const database = openMigrated(file);
  let isClosed = false;
  const insist = (write: () => void): void => eventually(write, () => isClosed);
  return {
    create: (run, first) => transaction(database, () => insertRun({ database, now: clock.now() }, run, first)),
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
    apply: (token, change) =>
      asResult(() =>
        transaction(database, () => {
          const { run_id } = token;
          const owner = fence(database, token);
          if (!owner.ok) return owner;
          const refusal =
            staleLease(database, run_id, change.lease) ??
            staleDecision(database, run_id, change.scope_decision) ??
            writeChange({ database, run_id, now: clock.now() }, change, owner.value.work);
          return refusal === undefined ? ok(undefined) : err(refusal);
        }),
      ),
    durations: (repository, limit) => readDurations(database, repository, limit),
    amendments: (run_id) => readAmendments(database, run_id),
    scopeRevision: (run_id) => readScopeRevision(database, run_id),
    inbox: (run_id) => readInbox(database, run_id),
    leave: (run_id, entry) =>
      asResult(() => transaction(database, () => leaveEntry({ database, run_id, now: clock.now() }, entry))),
    acquire: (run_id, owner, isAlive) => asResult(() => acquire(database, { run_id, owner, isAlive })),
    release: (token) => release(database, token, () => isPending(database, token.run_id)),
    abandon: (token) => insist(() => abandon(database, token)),
    takeSlot: (request, isAlive) => takeSlot(database, request, isAlive),
    releaseSlot: (number, owner) => insist(() => releaseSlot(database, number, owner)),
    close: () => {
      isClosed = true;
      database.close();
    },
  };
}

/** Something was left that the run's owner has not taken up. */
function isPending(database: SqliteDatabase, run_id: string): boolean {
  const run = readRun(database, run_id);
  if (run === undefined || hasEnded(run.state)) return false;
  return run.cancel_requested || readAmendments(database, run_id).length > 0;
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
