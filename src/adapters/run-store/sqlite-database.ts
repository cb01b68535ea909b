/** Interface of SQLite for the run store, whichever library is behind it, and its one way to change anything: a transaction. */
export type SqlValue = string | number | null;

export interface SqliteStatement {
  run(...values: SqlValue[]): unknown;
  /** the first row, or undefined; `libsql` adds a `_metadata` of its own to it */
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

/** Every method throws a StorageError that names `file`. */
export interface SqliteDatabase {
  readonly file: string;
  exec(sql: string): void;
  /** The statement for `sql`, made once per database. */
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** Runs `action` in one transaction that holds the write lock from its start; when it throws, nothing of it stays. */
export function transaction<T>(database: SqliteDatabase, action: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const value = action();
    database.exec("COMMIT");
    return value;
  } catch (error) {
    rollback(database);
    throw error;
  }
}

function rollback(database: SqliteDatabase): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // After an I/O error or a full disk SQLite has rolled back by itself; the first error is the one to report.
  }
}
