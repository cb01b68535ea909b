/** Two that change one lease at the same moment: the later one is told, so that no claim, renewal or expiry is overwritten unseen. */
import { z } from "zod";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { Lease } from "../../core/model/lease.ts";
import { select } from "./query.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

const VersionRow = z.object({ version: z.number().int() }).transform((row) => row.version);

/** Why `lease` may not be written, if so. Meant for inside a transaction. */
export function staleLease(database: SqliteDatabase, run_id: string, lease: Lease | undefined): Failure | undefined {
  if (lease === undefined) return undefined;
  const [present = 0] = select(database, {
    sql: "SELECT version FROM lease WHERE run_id = ? AND task_id = ? AND attempt = ?",
    values: [run_id, lease.task_id, lease.attempt],
    row: VersionRow,
  });
  if (lease.version === present + 1) return undefined;
  const message = `The lease of ${lease.task_id}, attempt ${lease.attempt}, has version ${present}; version ${lease.version} does not follow it.`;
  return failure("lease_changed", message, "Read the lease again and decide anew.");
}
