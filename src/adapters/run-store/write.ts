/** Writes one change of a run, part by part; the caller holds the transaction that makes it all or nothing. */

import { Amendment } from "../../core/model/amendment.ts";
import { Attempt } from "../../core/model/attempt.ts";
import { Decision } from "../../core/model/conflict.ts";
import { PastDuration } from "../../core/model/estimate.ts";
import { Event } from "../../core/model/event.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import { Lease } from "../../core/model/lease.ts";
import { after } from "../../core/model/life.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { Run, RunState } from "../../core/model/run.ts";
import { RunOwner } from "../../core/model/run-owner.ts";
import { ScopeRequest } from "../../core/model/scope-request.ts";
import type { WorkKind } from "../../core/model/work-kind.ts";
import type { Artefacts, Change, RunPart } from "../../core/ports/run-store.ts";
import { readLastAmendment, readRun } from "./read.ts";
import { artefactBodies, runBody, toJson } from "./rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Where and when a change is written. */
export interface Writing {
  database: SqliteDatabase;
  run_id: string;
  now: number;
}

/** The run exactly as it is given, with what its first phase left. */
export function insertRun(
  { database, now }: Omit<Writing, "run_id">,
  run: Run,
  { artefacts = {}, events = [] }: Pick<Change, "artefacts" | "events">,
): void {
  const owner = run.owner === undefined ? null : toJson(RunOwner, run.owner);
  database
    .prepare("INSERT INTO run (run_id, body, state, owner, epoch, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(run.run_id, runBody(run), run.state, owner, run.epoch, run.created_at, run.updated_at);
  const writing = { database, run_id: run.run_id, now };
  writeArtefacts(writing, artefacts);
  appendEvents(writing, events);
}

/** `work` is the kind of the owner that writes. The failure is that of a transition which the run's state does not have: nothing is written then. */
export function writeChange(writing: Writing, change: Change, work: WorkKind | undefined): Failure | undefined {
  const state = stateAfter(writing, change, work);
  if (!state.ok) return state.error;
  updateRun(writing, change.run ?? {}, state.value);
  discardArtefacts(writing, change.discard ?? []);
  writeArtefacts(writing, change.artefacts ?? {});
  if (change.attempt !== undefined) writeAttempt(writing, change.attempt);
  for (const attempt of change.attempts ?? []) writeAttempt(writing, attempt);
  takeUp(writing, change.taken_up ?? []);
  if (change.lease !== undefined) writeLease(writing, change.lease);
  if (change.scope_decision !== undefined) writeScopeRequest(writing, change.scope_decision.request);
  if (change.duration !== undefined) writeDuration(writing, change.duration);
  appendEvents(writing, change.events ?? []);
  return undefined;
}

/** The state that the change's transition leads to; undefined where it has none. */
function stateAfter(
  { database, run_id }: Writing,
  { transition }: Change,
  work: WorkKind | undefined,
): Result<RunState | undefined> {
  if (transition === undefined) return ok(undefined);
  const present = readRun(database, run_id)?.state;
  const next = present === undefined || work === undefined ? undefined : after(present, transition, work);
  if (next !== undefined) return ok(next);
  return err(failure("wrong_phase", `run ${run_id} is ${present}`, "look at it with get_run"));
}

function writeDuration({ database, run_id }: Writing, { task_id, ...duration }: NonNullable<Change["duration"]>): void {
  database
    .prepare(
      `INSERT INTO duration (run_id, task_id, repository, body) SELECT run_id, ?, json_extract(body, '$.repository'), ? FROM run WHERE run_id = ?
       ON CONFLICT (run_id, task_id) DO UPDATE SET body = excluded.body`,
    )
    .run(task_id, toJson(PastDuration, duration), run_id);
}

/** Number of the new amendment among those of all runs. */
export function appendAmendment({ database, run_id }: Omit<Writing, "now">, amendment: Amendment): number {
  const body = toJson(Amendment, amendment);
  database.prepare("INSERT INTO amendment (run_id, body) VALUES (?, ?)").run(run_id, body);
  return readLastAmendment(database, run_id);
}

function takeUp({ database, run_id }: Writing, numbers: number[]): void {
  const statement = database.prepare("DELETE FROM amendment WHERE run_id = ? AND seq = ?");
  for (const seq of numbers) statement.run(run_id, seq);
}

/** Owner, epoch and state have no place in `part`, whatever else the given object carries: a transition alone leads to another state. */
export function updateRun({ database, run_id, now }: Writing, part: RunPart, state?: RunState): undefined {
  const present = readRun(database, run_id);
  if (present === undefined) return;
  const run: Run = { ...present, ...part, state: state ?? present.state };
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

export function writeDecision({ database, run_id }: Writing, decision: Decision): undefined {
  database
    .prepare(
      `INSERT INTO decision (run_id, conflict_id, body) VALUES (?, ?, ?)
       ON CONFLICT (run_id, conflict_id) DO UPDATE SET body = excluded.body`,
    )
    .run(run_id, decision.conflict_id, toJson(Decision, decision));
}

export function writeLease({ database, run_id }: Writing, lease: Lease): undefined {
  database
    .prepare(
      `INSERT INTO lease (run_id, task_id, attempt, version, token_hash, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, task_id, attempt)
       DO UPDATE SET version = excluded.version, token_hash = excluded.token_hash, body = excluded.body`,
    )
    .run(run_id, lease.task_id, lease.attempt, lease.version, lease.token_hash ?? null, toJson(Lease, lease));
}

/** Number of the amendment that is left for the planning of granted files, if any are. */
export function writeScopeRequest(writing: Writing, request: ScopeRequest): number | undefined {
  const { database, run_id } = writing;
  database
    .prepare(
      `INSERT INTO scope_request (run_id, request_id, body) VALUES (?, ?, ?)
       ON CONFLICT (run_id, request_id) DO UPDATE SET body = excluded.body`,
    )
    .run(run_id, request.request_id, toJson(ScopeRequest, request));
  database.prepare("UPDATE run SET scope_revision = scope_revision + 1 WHERE run_id = ?").run(run_id);
  const { task_id, granted: files } = request;
  return files.length === 0 ? undefined : appendAmendment(writing, { type: "grow_scope", task_id, files });
}

export function appendEvents({ database, run_id, now }: Writing, events: Event[]): void {
  const statement = database.prepare("INSERT INTO event (run_id, at, body) VALUES (?, ?, ?)");
  for (const event of events) statement.run(run_id, now, toJson(Event, event));
}
