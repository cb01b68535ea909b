/** Queries of the run store; every answer is one statement, so none mixes two moments. */
import type { StoredAmendment } from "../../core/model/amendment.ts";
import type { Attempt } from "../../core/model/attempt.ts";
import type { Decision } from "../../core/model/conflict.ts";
import type { PastDuration } from "../../core/model/estimate.ts";
import type { StoredEvent } from "../../core/model/event.ts";
import type { Lease } from "../../core/model/lease.ts";
import type { Run } from "../../core/model/run.ts";
import type { ScopeRequest } from "../../core/model/scope-request.ts";
import type { Artefacts } from "../../core/ports/run-store.ts";
import { select } from "./query.ts";
import {
  AmendmentRow,
  AttemptRow,
  artefactRow,
  DecisionRow,
  DurationRow,
  EventRow,
  LeaseRow,
  NumberRow,
  PastDecisionRow,
  RunRow,
  ScopeRequestRow,
} from "./rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

export function readRun(database: SqliteDatabase, run_id: string): Run | undefined {
  return select(database, { sql: "SELECT * FROM run WHERE run_id = ?", values: [run_id], row: RunRow })[0];
}

/** Newest first; of runs made in the same millisecond the one inserted later. */
export function readRuns(database: SqliteDatabase, limit: number): Run[] {
  return select(database, {
    sql: "SELECT * FROM run ORDER BY created_at DESC, rowid DESC LIMIT ?",
    values: [limit],
    row: RunRow,
  });
}

export function readArtefact<K extends keyof Artefacts>(
  database: SqliteDatabase,
  run_id: string,
  kind: K,
): Artefacts[K] | undefined {
  return select(database, {
    sql: "SELECT body FROM artefact WHERE run_id = ? AND kind = ?",
    values: [run_id, kind],
    row: artefactRow(kind),
  })[0];
}

export function readAttempts(database: SqliteDatabase, run_id: string): Attempt[] {
  return select(database, {
    sql: "SELECT body FROM attempt WHERE run_id = ? ORDER BY started_at, seq",
    values: [run_id],
    row: AttemptRow,
  });
}

export function readDecisions(database: SqliteDatabase, run_id: string): Decision[] {
  return select(database, {
    sql: "SELECT body FROM decision WHERE run_id = ? ORDER BY conflict_id",
    values: [run_id],
    row: DecisionRow,
  });
}

export function readDurations(database: SqliteDatabase, repository: string, limit: number): PastDuration[] {
  return select(database, {
    sql: "SELECT body FROM duration WHERE repository = ? ORDER BY seq DESC LIMIT ?",
    values: [repository, limit],
    row: DurationRow,
  });
}

export function readAmendments(database: SqliteDatabase, run_id: string): StoredAmendment[] {
  return select(database, {
    sql: "SELECT seq, body FROM amendment WHERE run_id = ? ORDER BY seq",
    values: [run_id],
    row: AmendmentRow,
  });
}

/** The number of the run's newest amendment; 0 without one. */
export function readLastAmendment(database: SqliteDatabase, run_id: string): number {
  return readNumber(database, "SELECT max(seq) AS value FROM amendment WHERE run_id = ?", run_id);
}

export function readScopeRevision(database: SqliteDatabase, run_id: string): number {
  return readNumber(database, "SELECT scope_revision AS value FROM run WHERE run_id = ?", run_id);
}

export function readInbox(database: SqliteDatabase, run_id: string): number {
  return readNumber(database, "SELECT inbox AS value FROM run WHERE run_id = ?", run_id);
}

function readNumber(database: SqliteDatabase, sql: string, run_id: string): number {
  return select(database, { sql, values: [run_id], row: NumberRow })[0] ?? 0;
}

export function readLeases(database: SqliteDatabase, run_id: string): Lease[] {
  return select(database, {
    sql: "SELECT body FROM lease WHERE run_id = ? ORDER BY task_id, attempt",
    values: [run_id],
    row: LeaseRow,
  });
}

export function readLeaseOf(database: SqliteDatabase, token_hash: string): Lease | undefined {
  return select(database, {
    sql: "SELECT body FROM lease WHERE token_hash = ?",
    values: [token_hash],
    row: LeaseRow,
  })[0];
}

export function readScopeRequests(database: SqliteDatabase, run_id: string): ScopeRequest[] {
  return select(database, {
    sql: "SELECT body FROM scope_request WHERE run_id = ? ORDER BY seq",
    values: [run_id],
    row: ScopeRequestRow,
  });
}

/** Of other runs of the same repository, the newest first. */
export function readPastDecisions(database: SqliteDatabase, run_id: string): Decision[] {
  const rows = select(database, {
    sql: `SELECT decision.body AS body, decision.run_id AS run_id FROM decision JOIN run ON run.run_id = decision.run_id
      WHERE decision.run_id <> ? AND json_extract(run.body, '$.repository') =
        (SELECT json_extract(body, '$.repository') FROM run WHERE run_id = ?)
      ORDER BY run.created_at DESC, decision.conflict_id LIMIT ${MOST_REMEMBERED}`,
    values: [run_id, run_id],
    row: PastDecisionRow,
  });
  return rows;
}

const MOST_REMEMBERED = 5_000;

export function readEvents(database: SqliteDatabase, run_id: string, after_seq: number): StoredEvent[] {
  return select(database, {
    sql: "SELECT seq, run_id, at, body FROM event WHERE run_id = ? AND seq > ? ORDER BY seq",
    values: [run_id, after_seq],
    row: EventRow,
  });
}
