/** Asks the database and lets no row through that its schema does not know. */
import { z } from "zod";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { SqliteDatabase, SqlValue } from "./sqlite-database.ts";
import { StorageError } from "./storage-error.ts";

interface Query<T> {
  sql: string;
  values: SqlValue[];
  row: z.ZodType<T>;
}

/** Every row of `query`; throws a StorageError when one is not what the schema says. */
export function select<T>(database: SqliteDatabase, query: Query<T>): T[] {
  return database
    .prepare(query.sql)
    .all(...query.values)
    .map((row) => {
      const parsed = query.row.safeParse(row);
      if (parsed.success) return parsed.data;
      throw new StorageError(unreadable(database.file, query, parsed.error));
    });
}

function unreadable(file: string, query: { sql: string; values: SqlValue[] }, error: z.ZodError): Failure {
  return failure(
    "storage_failed",
    `The run store ${file} holds a row that cannot be read (${query.sql} with ${query.values.join(", ")}): ${z.prettifyError(error)}`,
    "Restore the file from a backup, or move it away to begin with an empty store.",
  );
}
