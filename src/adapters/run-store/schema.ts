/** The tables of the run store and the way from every earlier version of them to this one. */
import { z } from "zod";
import { failure } from "../../core/model/failure.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";
import { StorageError } from "./storage-error.ts";

/**
 * Entry n leads from version n to n + 1; an entry that was released never changes. Bodies are JSON, read back through the model's
 * schemas; only what is searched, sorted or compared has a column of its own.
 */
const MIGRATIONS = [
  `
  CREATE TABLE run (
    run_id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT,
    epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX run_by_age ON run (created_at);
  CREATE TABLE artefact (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, kind)
  ) STRICT;
  CREATE TABLE attempt (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    body TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    UNIQUE (run_id, task_id, attempt)
  ) STRICT;
  CREATE TABLE decision (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    conflict_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, conflict_id)
  ) STRICT;
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_by_run ON event (run_id, seq);
  `,
  `
  CREATE TABLE lease (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    version INTEGER NOT NULL,
    token_hash TEXT UNIQUE,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, task_id, attempt)
  ) STRICT;
  CREATE TABLE scope_request (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    request_id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (run_id, request_id)
  ) STRICT;
  `,
  `
  CREATE TABLE amendment (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    body TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE slot (
    number INTEGER PRIMARY KEY,
    repository TEXT NOT NULL,
    owner TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE duration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    task_id TEXT NOT NULL,
    repository TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (run_id, task_id)
  ) STRICT;
  CREATE INDEX duration_by_repository ON duration (repository, seq);
  `,
  `
  ALTER TABLE run ADD COLUMN inbox INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN scope_revision INTEGER NOT NULL DEFAULT 0;
  `,
] as const;

const VersionRow = z.object({ user_version: z.number() });

/** The version of the tables in `database`; throws when this code is too old for it. */
function knownVersion(database: SqliteDatabase): number {
  const { user_version } = VersionRow.parse(database.prepare("PRAGMA user_version").get());
  if (user_version <= MIGRATIONS.length) return user_version;
  throw new StorageError(
    failure(
      "storage_failed",
      `The run store ${database.file} has version ${user_version}, made by a newer Forkjoin; this one knows version ${MIGRATIONS.length}.`,
      "Update Forkjoin, or move the file away to begin with an empty store.",
    ),
  );
}

/** Brings the tables of `database` to this code's version; two processes may do so at once. Throws a StorageError. */
export function migrate(database: SqliteDatabase): void {
  if (knownVersion(database) === MIGRATIONS.length) return;
  transaction(database, () => {
    // The version is read again under the lock: another process may have been faster.
    for (const step of MIGRATIONS.slice(knownVersion(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
