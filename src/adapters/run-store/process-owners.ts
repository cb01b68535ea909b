/** The owners port: a lock on a file per process, which the kernel frees however the process ends; what a pid means here is only a witness. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "../../core/model/process-identity.ts";
import type { Liveness, Owners } from "../../core/ports/owners.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { openDatabase } from "./sqlite-driver.ts";
import { isDamaged, isLocked } from "./storage-error.ts";

export interface ProcessOwnersOptions {
  /** where the locks of all processes lie: a folder of the store's */
  folder: string;
  /** this process */
  identity: ProcessIdentity;
  /** what the machine says of a process without a lock: one of an earlier version, or an agent */
  livenessByPid(process: ProcessIdentity): Liveness;
  /** a process of which nothing can tell counts as dead: the operator's word */
  takeOver: boolean;
}

export interface ProcessOwners extends Owners {
  /** Gives this process's lock back. */
  close(): void;
}

export function processOwners({ folder, identity, livenessByPid, takeOver }: ProcessOwnersOptions): ProcessOwners {
  let held: { name: string; lock: SqliteDatabase } | undefined;
  const take = (): { name: string; lock: SqliteDatabase } =>
    throughGate(folder, () => {
      const name = `${identity.pid}-${randomBytes(6).toString("hex")}.lock`;
      const lock = openDatabase(join(folder, name));
      lock.exec("BEGIN EXCLUSIVE");
      return { name, lock };
    });
  const told = (process: ProcessIdentity): Liveness => {
    if (process.lock === undefined) return livenessByPid(process);
    if (process.lock === held?.name) return "alive";
    const found = lookedAt(join(folder, process.lock));
    if (found !== "free") return found === "held" ? "alive" : "unknown";
    return isOfThisMachine(process, identity) ? "dead" : "unknown";
  };
  return {
    self() {
      held ??= take();
      return { ...identity, lock: held.name };
    },
    liveness(process) {
      const liveness = told(process);
      return liveness === "unknown" && takeOver ? "dead" : liveness;
    },
    sweep() {
      if (!existsSync(folder)) return;
      throughGate(folder, () => {
        for (const name of readdirSync(folder).filter((one) => one.endsWith(".lock") && one !== held?.name)) {
          whileFree(join(folder, name), () => remove(join(folder, name)));
        }
      });
    },
    close() {
      if (held === undefined) return;
      held.lock.close();
      remove(join(folder, held.name));
      held = undefined;
    },
  };
}

/** The lock last: while it is there, a sweep finds what is left. */
function remove(file: string): void {
  for (const name of [`${file}-journal`, file]) rmSync(name, { force: true });
}

/** One process at a time makes a lock or sweeps: no sweep finds the file of a lock that is not held yet. */
function throughGate<T>(folder: string, action: () => T): T {
  const gate = openDatabase(join(folder, "gate.db"));
  try {
    gate.exec("BEGIN EXCLUSIVE");
    return action();
  } finally {
    gate.close();
  }
}

/** `unknown`: the file cannot be opened, as when it belongs to another user or this process has too many files open. */
type Found = "held" | "free" | "unknown";

/** A file that is not there is locked by nobody. */
function lookedAt(file: string): Found {
  return existsSync(file) ? whileFree(file, () => undefined) : "free";
}

/** Does `action` under the lock of the file where nobody holds it. A file that is damaged is nobody's lock. */
function whileFree(file: string, action: () => void): Found {
  let lock: SqliteDatabase | undefined;
  try {
    lock = openDatabase(file, { patience_ms: 0 });
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock?.close();
    if (isLocked(error)) return "held";
    if (!isDamaged(error)) return "unknown";
    action();
    return "free";
  }
  action();
  lock.close();
  return "free";
}

/** A free lock says that its process is gone, on the machine whose kernel it was: by boot, else by installation or name. */
function isOfThisMachine(process: ProcessIdentity, here: ProcessIdentity): boolean {
  if (process.boot_id === here.boot_id) return true;
  const isInstalledHere = process.machine_id !== undefined && process.machine_id === here.machine_id;
  return isInstalledHere || process.host === here.host;
}
