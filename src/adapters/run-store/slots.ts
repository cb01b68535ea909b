/** Slots of a limit that all processes with this store share; one that a dead process held is free. */
import { z } from "zod";
import { ProcessIdentity } from "../../core/model/process-identity.ts";
import type { SlotRequest } from "../../core/ports/run-store.ts";
import { select } from "./query.ts";
import { toJson } from "./rows.ts";
import { type SqliteDatabase, transaction } from "./sqlite-database.ts";

const SlotRow = z.object({
  number: z.number(),
  repository: z.string(),
  owner: z.string().transform((text) => ProcessIdentity.parse(JSON.parse(text))),
});

/** The lowest free number, or undefined when the machine's or the repository's limit is reached. */
export function takeSlot(
  database: SqliteDatabase,
  { repository, limit, machine, owner }: SlotRequest,
  isAlive: (process: ProcessIdentity) => boolean,
): number | undefined {
  return transaction(database, () => {
    const rows = select(database, { sql: "SELECT * FROM slot ORDER BY number", values: [], row: SlotRow });
    const dead = rows.filter((row) => !isAlive(row.owner));
    for (const { number } of dead) database.prepare("DELETE FROM slot WHERE number = ?").run(number);
    const held = rows.filter((row) => !dead.includes(row));
    if (held.length >= machine) return undefined;
    if (held.filter((row) => row.repository === repository).length >= limit) return undefined;
    const taken = new Set(held.map((row) => row.number));
    const number = [...Array(held.length + 1).keys()].find((candidate) => !taken.has(candidate)) ?? held.length;
    database
      .prepare("INSERT INTO slot (number, repository, owner) VALUES (?, ?, ?)")
      .run(number, repository, toJson(ProcessIdentity, owner));
    return number;
  });
}

export function releaseSlot(database: SqliteDatabase, number: number, owner: ProcessIdentity): void {
  database.prepare("DELETE FROM slot WHERE number = ? AND owner = ?").run(number, toJson(ProcessIdentity, owner));
}
