/** The SQLite run store: the contract of the port, and what it does about damaged, foreign and unusable files. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/run-store/sqlite-driver.ts";
import { openRunStore } from "../../../src/adapters/run-store/sqlite-run-store.ts";
import type { RunStore } from "../../../src/core/ports/run-store.ts";
import { own } from "../../contracts/owned.ts";
import { runStoreContract } from "../../contracts/run-store.contract.ts";
import {
  artefacts,
  created,
  owner,
  sampleAttempt,
  sampleDecision,
  sampleRun,
} from "../../contracts/run-store.samples.ts";
import { withoutPrivileges } from "../../rig/without-privileges.ts";

runStoreContract("sqlite", openRunStore);

describe("the file of a SQLite run store", () => {
  const clock = { now: () => 5_000 };
  let folder: string;
  let file: string;
  let store: RunStore | undefined;

  const open = (): RunStore => {
    store = openRunStore(file, clock);
    return store;
  };
  const closed = (): void => {
    store?.close();
    store = undefined;
  };
  /** Does something to the file that no run store does. */
  const tamper = (sql: string): void => {
    const database = openDatabase(file);
    database.exec(sql);
    database.close();
  };

  const settings = (): unknown => {
    const database = openDatabase(file);
    const rows = database
      .prepare(
        `SELECT journal_mode, synchronous, foreign_keys, timeout
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout`,
      )
      .all();
    database.close();
    return rows;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "forkjoin-sqlite-"));
    file = join(folder, "store.db");
  });

  afterEach(() => {
    closed();
    rmSync(folder, { recursive: true });
  });

  test.skipIf(process.platform === "win32")("file, journal and new folders are private", () => {
    file = join(folder, "new", "deep", "store.db");
    open().create(sampleRun(), {});
    const modes = ["new", "new/deep", "new/deep/store.db"].map((path) => statSync(join(folder, path)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  test("a second store on the same file sees what the first wrote, and both go on", () => {
    const first = open();
    first.create(sampleRun(), { events: [created("a")] });
    const second = openRunStore(file, clock);
    const token = own(second);
    expect(second.apply(token, { events: [created("b")] })).toEqual({ ok: true, value: undefined });
    expect(first.apply(token, { events: [created("c")] })).toEqual({ ok: true, value: undefined });
    second.close();
    expect(first.events("run-1", 0).map((event) => event.seq)).toEqual([1, 2, 3]);
  });

  test("a database of a newer Forkjoin is refused and left as it is", () => {
    open();
    closed();
    tamper("PRAGMA user_version = 99");
    const before = readFileSync(file);
    expect(open).toThrow(
      /^The run store \S+ has version 99, made by a newer Forkjoin; this one knows version \d+\. Update Forkjoin, or move the file away to begin with an empty store\.$/,
    );
    expect(open).toThrow(file);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a file that is no database is refused and left as it is", () => {
    writeFileSync(file, "not a database ".repeat(500));
    expect(open).toThrow(`The run store ${file} cannot be used: file is not a database. Restore it from a backup`);
    expect(readFileSync(file, "utf8")).toBe("not a database ".repeat(500));
  });

  test("a database that was cut short is refused", () => {
    open().create(sampleRun({ warnings: ["long ".repeat(20_000)] }), {});
    closed();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    expect(open).toThrow(`The run store ${file} cannot be used: database disk image is malformed. Restore it`);
  });

  test("an empty file becomes a store", () => {
    writeFileSync(file, "");
    open().create(sampleRun(), {});
    expect(store?.run("run-1")).toEqual(sampleRun());
  });

  test("a row that is not what the model says is not handed out", () => {
    open().create(sampleRun(), {});
    tamper("UPDATE run SET state = 'dreaming'");
    expect(() => store?.run("run-1")).toThrow(`The run store ${file} holds a row that cannot be read`);
    tamper("UPDATE run SET state = 'open', body = '{'");
    expect(() => store?.run("run-1")).toThrow("is not JSON");
  });

  test("a folder in the way is named", () => {
    mkdirSync(file);
    expect(open).toThrow(`The run store ${file} cannot be used`);
  });

  test("a file in the place of the folder is named", () => {
    writeFileSync(join(folder, "plain"), "");
    file = join(folder, "plain", "store.db");
    expect(open).toThrow(`The run store ${file} cannot be used: `);
  });

  test.skipIf(process.platform === "win32")("a file without permission is named", async () => {
    open();
    closed();
    chmodSync(file, 0o000);
    const opened = await withoutPrivileges(folder, () => {
      try {
        return open();
      } catch (error) {
        return String(error);
      }
    });
    expect(opened).toMatch(/The run store .* writable for this user/);
  });

  test("when the last part of a change fails in SQLite, the answer names the file and nothing of it stays", () => {
    const run = sampleRun({ state: "aggregating", owner: { ...owner, work: "aggregate" }, epoch: 1 });
    const opened = open();
    opened.create(run, {});
    tamper("CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no more events'); END");
    const refused = {
      ok: false,
      error: {
        code: "storage_failed",
        message: `The run store ${file} cannot be used: no more events.`,
        hint: "Check that its disk is present, not full and writable for this user, then try again.",
      },
    };
    const events = [created("never")];
    const change = { run: { request: "never" }, artefacts, attempt: sampleAttempt(), events };
    expect(opened.apply({ run_id: "run-1", epoch: 1 }, { transition: "fail", ...change })).toEqual(refused);
    expect(opened.leave("run-1", { type: "decision", decision: sampleDecision(), events })).toEqual(refused);
    expect(opened.leave("run-1", { type: "cancel", events })).toEqual(refused);
    tamper("DROP TRIGGER refuse");
    expect(store?.run("run-1")).toEqual(run);
    expect(store?.inbox("run-1")).toBe(0);
    expect(store?.artefact("run-1", "report")).toBeUndefined();
    expect([store?.attempts("run-1"), store?.decisions("run-1"), store?.events("run-1", 0)]).toEqual([[], [], []]);
  });

  test("a run is not created without its events", () => {
    open();
    tamper("CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no more events'); END");
    expect(() => store?.create(sampleRun(), { events: [created("never")] })).toThrow("no more events");
    expect(store?.runs(9)).toEqual([]);
  });

  test("an error in asking whether the owner lives is not swallowed and changes nothing", () => {
    open().create(sampleRun(), {});
    const process = { host: "alpha", pid: 1, start_time: "1", boot_id: "1" };
    store?.acquire("run-1", process, () => true);
    const broken = (): boolean => {
      throw new Error("no /proc here");
    };
    expect(() => store?.acquire("run-1", { ...process, pid: 2 }, broken)).toThrow("no /proc here");
    expect(store?.run("run-1")).toEqual(sampleRun({ owner: process, epoch: 1 }));
    expect(store?.acquire("run-1", { ...process, pid: 2 }, () => false)).toMatchObject({ ok: true });
  });

  test("every change is on the disk before it is acknowledged, whatever journal the file was made with", () => {
    expect(settings()).toEqual([{ journal_mode: "truncate", synchronous: 2, foreign_keys: 1, timeout: 20_000 }]);
    open();
    closed();
    tamper("PRAGMA journal_mode = DELETE");
    expect(settings()).toEqual([{ journal_mode: "truncate", synchronous: 2, foreign_keys: 1, timeout: 20_000 }]);
  });
});
