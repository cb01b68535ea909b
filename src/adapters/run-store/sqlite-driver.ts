/** One thin, synchronous way to SQLite: Node's own where it has one, `libsql` on Node 20. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite-database.ts";
import { guard, StorageError } from "./storage-error.ts";

/** Common interface of both libraries; @types/node 20 does not know `node:sqlite`. */
interface NativeDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}
type NativeConstructor = new (file: string) => NativeDatabase;

function isNodeSqlite(module: object | undefined): module is { DatabaseSync: NativeConstructor } {
  return module !== undefined && "DatabaseSync" in module;
}

function nativeLibrary(): NativeConstructor {
  const own = process.getBuiltinModule("node:sqlite");
  if (isNodeSqlite(own)) return own.DatabaseSync;
  // Loaded only here: a newer Node does without it and its native binary.
  const require = createRequire(import.meta.url);
  try {
    return require("libsql");
  } catch (error) {
    throw new StorageError(notInstalled(), error);
  }
}

function notInstalled(): Failure {
  return failure(
    "storage_failed",
    `The library libsql cannot be loaded on ${process.platform}-${process.arch}, and this Node ${process.version} has no SQLite of its own.`,
    "Use Node 22.13 or later, or install Forkjoin again with its optional dependencies.",
  );
}

/**
 * SQLite would create the file readable for everyone; its journal takes over the file's mode. Only a file that is new is opened
 * here: closing a descriptor of a database that is in use would drop the locks this process holds on it (POSIX).
 */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function guardedStatement(file: string, statement: SqliteStatement): SqliteStatement {
  return {
    run: (...values) => guard(file, () => statement.run(...values)),
    get: (...values) => guard(file, () => statement.get(...values)),
    all: (...values) => guard(file, () => statement.all(...values)),
  };
}

function guardedDatabase(file: string, native: NativeDatabase): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  function prepare(sql: string): SqliteStatement {
    const statement = statements.get(sql) ?? guardedStatement(file, native.prepare(sql));
    statements.set(sql, statement);
    return statement;
  }
  return {
    file,
    exec: (sql) => guard(file, () => void native.exec(sql)),
    prepare: (sql) => guard(file, () => prepare(sql)),
    close: () => {
      // libsql frees a connection only when its statements are gone.
      statements.clear();
      guard(file, () => native.close());
    },
  };
}

/** How long a statement waits for another process that has the file locked, in milliseconds: longer than a backup takes. */
const PATIENCE_MS = 20_000;

/** Opens `file`, creating it (0600) and its folder (0700) where they are missing. Throws a StorageError. */
export function openDatabase(file: string, { patience_ms = PATIENCE_MS } = {}): SqliteDatabase {
  const native = guard(file, () => {
    createPrivately(file);
    const Database = nativeLibrary();
    return new Database(file);
  });
  const database = guardedDatabase(file, native);
  try {
    database.exec(`PRAGMA busy_timeout = ${patience_ms}`);
    database.exec("PRAGMA foreign_keys = ON");
    // Never WAL: the SQLite in libsql (3.45) can lose one that two connections reset at once (sqlite.org/wal.html#walresetbug).
    database.exec("PRAGMA journal_mode = TRUNCATE");
    // FULL: what was acknowledged is there after a power cut, too.
    database.exec("PRAGMA synchronous = FULL");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
