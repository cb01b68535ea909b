/** Which journal a database file uses: WAL where it is safe, TRUNCATE wherever a SQLite with the WAL-reset bug may take part. */
import { z } from "zod";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { StorageError } from "./storage-error.ts";

/** SQLite 3.7.0 to 3.51.2 can lose a WAL that two connections reset at once; `libsql` 0.5 is built on 3.45.1. */
const FIRST_SAFE_WAL = [3, 51, 3];

/** Is `version` (`3.53.4`; undefined where it is not known) free of the WAL-reset bug? */
export function hasSafeWal(version: string | undefined): boolean {
  const parts = (version ?? "").split(".").map(Number);
  const at = FIRST_SAFE_WAL.findIndex((part, index) => part !== (parts[index] ?? 0));
  return at === -1 || (parts[at] ?? 0) > (FIRST_SAFE_WAL[at] ?? 0);
}

/** Sets the journal for a SQLite of `version`; throws a StorageError when the file is in a mode that must not be used. */
export function chooseJournal(database: SqliteDatabase, version: string | undefined): void {
  if (hasSafeWal(version) && mayUseWal(database)) database.exec("PRAGMA journal_mode = WAL");
  else leaveWal(database);
}

const Facts = z.object({ mode: z.string(), pages: z.number() });
const FACTS = "SELECT journal_mode AS mode, page_count AS pages FROM pragma_journal_mode, pragma_page_count";

/**
 * Only a new file is made with WAL. Changing an existing one would succeed under the hands of another process on Node 20, whose
 * SQLite would follow into WAL without a word.
 */
function mayUseWal(database: SqliteDatabase): boolean {
  const { mode, pages } = Facts.parse(database.prepare(FACTS).get());
  return mode === "wal" || pages === 0;
}

/** No statement is prepared here: `libsql` would keep the file locked by it after `close`, until the next garbage collection. */
function leaveWal(database: SqliteDatabase): void {
  try {
    database.exec("PRAGMA journal_mode = TRUNCATE");
  } catch (error) {
    if (!(error instanceof StorageError && error.isLocked)) throw error;
    throw new StorageError(inUse(database.file), error);
  }
}

function inUse(file: string): Failure {
  return failure(
    "storage_failed",
    `The run store ${file} is locked by another process, most likely a Forkjoin on a newer Node whose journal mode is not safe with this one's SQLite.`,
    "Run both with the same Node (22.13 or later), or end the other process, then try again.",
  );
}
