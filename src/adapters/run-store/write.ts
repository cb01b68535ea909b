/** Writes one change of a run, part by part; the caller holds the transaction that makes it all or nothing. */
import { Amendment } from "../../core/model/amendment.ts";
import { Attempt, ProcessIdentity } from "../../core/model/attempt.ts";
import { Decision } from "../../core/model/conflict.ts";
import { PastDuration } from "../../core/model/estimate.ts";
import { Event } from "../../core/model/event.ts";
import { Lease } from "../../core/model/lease.ts";
import type { Run } from "../../core/model/run.ts";
import { ScopeRequest } from "../../core/model/scope-request.ts";
import type { Artefacts, Change } from "../../core/ports/run-store.ts";
import { readRun } from "./read.ts";
import { artefactBodies, runBody, toJson } from "./rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Where and when a change is written. */
interface Writing {
  database: SqliteDatabase;
  run_id: string;
  now: number;
}

export function insertRun(database: SqliteDatabase, run: Run): void {
  const owner = run.owner === undefined ? null : toJson(ProcessIdentity, run.owner);
  database
    .prepare("INSERT INTO run (run_id, body, state, owner, epoch, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(run.run_id, runBody(run), run.state, owner, run.epoch, run.created_at, run.updated_at);
}

export function writeChange(writing: Writing, change: Change): void {
  updateRun(writing, change.run ?? {});
  discardArtefacts(writing, change.discard ?? []);
  writeArtefacts(writing, change.artefacts ?? {});
  if (change.attempt !== undefined) writeAttempt(writing, change.attempt);
  if (change.decision !== undefined) writeDecision(writing, change.decision);
  takeUp(writing, change.taken_up ?? []);
  if (change.lease !== undefined) writeLease(writing, change.lease);
  if (change.scope_request !== undefined) writeScopeRequest(writing, change.scope_request);
  if (change.duration !== undefined) writeDuration(writing, change.duration);
  appendEvents(writing, change.events ?? []);
}

function writeDuration({ database, run_id }: Writing, { task_id, ...duration }: NonNullable<Change["duration"]>): void {
  database
    .prepare(
      `INSERT INTO duration (run_id, task_id, repository, body) SELECT run_id, ?, json_extract(body, '$.repository'), ? FROM run WHERE run_id = ?
       ON CONFLICT (run_id, task_id) DO UPDATE SET body = excluded.body`,
    )
    .run(task_id, toJson(PastDuration, duration), run_id);
}

/** Only while the run has an owner that executes it: an amendment nobody will look at must not be left. */
export function appendAmendment({ database, run_id }: Omit<Writing, "now">, amendment: Amendment): boolean {
  const run = readRun(database, run_id);
  if (run?.state !== "executing" || run.owner === undefined) return false;
  const body = toJson(Amendment, amendment);
  database.prepare("INSERT INTO amendment (run_id, body) VALUES (?, ?)").run(run_id, body);
  return true;
}

function takeUp({ database, run_id }: Writing, numbers: number[]): void {
  const statement = database.prepare("DELETE FROM amendment WHERE run_id = ? AND seq = ?");
  for (const seq of numbers) statement.run(run_id, seq);
}

/** Owner and epoch have no place here, whatever else the given object carries: only `acquire` and `release` write them. */
function updateRun({ database, run_id, now }: Writing, part: NonNullable<Change["run"]>): void {
  const present = readRun(database, run_id);
  if (present === undefined) return;
  const run: Run = { ...present, ...part };
  database
    .prepare("UPDATE run SET body = ?, state = ?, created_at = ?, updated_at = ? WHERE run_id = ?")
    .run(runBody(run), run.state, run.created_at, now, run_id);
}

function discardArtefacts({ database, run_id }: Writing, kinds: (keyof Artefacts)[]): void {
  const statement = database.prepare("DELETE FROM artefact WHERE run_id = ? AND kind = ?");
  for (const kind of kinds) statement.run(run_id, kind);
}

function writeArtefacts({ database, run_id }: Writing, artefacts: Partial<Artefacts>): void {
  const statement = database.prepare(
    "INSERT INTO artefact (run_id, kind, body) VALUES (?, ?, ?) ON CONFLICT (run_id, kind) DO UPDATE SET body = excluded.body",
  );
  for (const [kind, body] of artefactBodies(artefacts)) statement.run(run_id, kind, body);
}

/** A later state of the same attempt keeps the first one's place in the order. */
function writeAttempt({ database, run_id }: Writing, attempt: Attempt): void {
  database
    .prepare(
      `INSERT INTO attempt (run_id, task_id, attempt, body, started_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (run_id, task_id, attempt) DO UPDATE SET body = excluded.body, started_at = excluded.started_at`,
    )
    .run(run_id, attempt.task_id, attempt.attempt, toJson(Attempt, attempt), attempt.started_at);
}

function writeDecision({ database, run_id }: Writing, decision: Decision): void {
  database
    .prepare(
      `INSERT INTO decision (run_id, conflict_id, body) VALUES (?, ?, ?)
       ON CONFLICT (run_id, conflict_id) DO UPDATE SET body = excluded.body`,
    )
    .run(run_id, decision.conflict_id, toJson(Decision, decision));
}

function writeLease({ database, run_id }: Writing, lease: Lease): void {
  database
    .prepare(
      `INSERT INTO lease (run_id, task_id, attempt, version, token_hash, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, task_id, attempt)
       DO UPDATE SET version = excluded.version, token_hash = excluded.token_hash, body = excluded.body`,
    )
    .run(run_id, lease.task_id, lease.attempt, lease.version, lease.token_hash ?? null, toJson(Lease, lease));
}

function writeScopeRequest({ database, run_id }: Writing, request: ScopeRequest): void {
  database
    .prepare(
      `INSERT INTO scope_request (run_id, request_id, body) VALUES (?, ?, ?)
       ON CONFLICT (run_id, request_id) DO UPDATE SET body = excluded.body`,
    )
    .run(run_id, request.request_id, toJson(ScopeRequest, request));
}

export function appendEvents({ database, run_id, now }: Writing, events: Event[]): void {
  const statement = database.prepare("INSERT INTO event (run_id, at, body) VALUES (?, ?, ?)");
  for (const event of events) statement.run(run_id, now, toJson(Event, event));
}
