/** The SQLite run store under several processes, kills and a full disk: nothing that was acknowledged is ever lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/run-store/sqlite-driver.ts";
import { openRunStore } from "../../../src/adapters/run-store/sqlite-run-store.ts";
import type { RunStore } from "../../../src/core/ports/run-store.ts";
import { own } from "../../contracts/owned.ts";
import { owner, rival, sampleAttempt, sampleRun } from "../../contracts/run-store.samples.ts";
import { few } from "../../rig/extent.ts";
import { startProcess } from "./start-process.ts";

const ROUNDS = 12;
/** The owner that store-process.mjs writes as. */
const author = { ...owner, work: "execute" as const };
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** All that a store holds of a run that store-process.mjs wrote. */
function contents(store: RunStore, run_id: string) {
  return {
    run: store.run(run_id),
    batch_log: store.artefact(run_id, "batch_log"),
    attempts: store.attempts(run_id),
    events: store.events(run_id, 0).map(({ seq, ...event }) => event),
  };
}

/** The same after exactly `count` whole changes. */
function expectedContents(run_id: string, count: number): ReturnType<typeof contents> {
  const request = count === 0 ? sampleRun().request : `change ${count}`;
  return {
    run: sampleRun({ run_id, request, updated_at: count === 0 ? 1_000 : 1, owner: author, epoch: 1 }),
    batch_log: count === 0 ? undefined : [{ batch_id: count, started_at: count }],
    attempts: upTo(count).map((n) => sampleAttempt({ attempt: n, started_at: n })),
    events: upTo(count).map((n) => ({ type: "sync_point", batch_id: n, commit: run_id, run_id, at: 1 })),
  };
}

function ask(file: string, sql: string): unknown {
  const database = openDatabase(file);
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

/** Moves a kill through the length of a transaction; nothing waits for it. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe("a SQLite run store in several processes", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "forkjoin-processes-"));
    file = join(folder, "store.db");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("two processes that make one file and write to it at once lose nothing", async () => {
    const writers = ["run-a", "run-b"].map((run_id) =>
      startProcess({ job: "write", file, owner: author, run: sampleRun({ run_id }), changes: 40 }),
    );
    await Promise.all(writers.map((writer) => writer.reached(1)));
    for (const writer of writers) writer.go();
    const said = await Promise.all(writers.map((writer) => writer.ended));
    const store = openRunStore(file, { now: () => 2 });
    const found = [contents(store, "run-a"), contents(store, "run-b")];
    const numbers = ["run-a", "run-b"].flatMap((run_id) => store.events(run_id, 0).map((event) => event.seq));
    store.close();
    expect(said).toEqual([
      ["ready", ...upTo(40)],
      ["ready", ...upTo(40)],
    ]);
    expect(found).toEqual([expectedContents("run-a", 40), expectedContents("run-b", 40)]);
    expect(numbers.sort((a, b) => a - b)).toEqual(upTo(80));
    expect(ask(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });

  test("of two processes that reach for one run at once exactly one gets it", async () => {
    const store = openRunStore(file, { now: () => 2 });
    store.create(sampleRun(), {});
    const processes = [owner, rival].map((identity) =>
      startProcess({ job: "acquire", file, run: sampleRun(), owner: { ...identity, work: "execute" } }),
    );
    await Promise.all(processes.map((process) => process.reached(1)));
    for (const process of processes) process.go();
    const answers = await Promise.all(processes.map(async (process) => (await process.ended)[1]));
    const winner = [owner, rival].find((identity) => identity.pid === store.run("run-1")?.owner?.pid) ?? owner;
    store.close();
    expect(answers).toHaveLength(2);
    expect(answers).toContainEqual({ ok: true, value: { token: { run_id: "run-1", epoch: 1 } } });
    expect(answers).toContainEqual({
      ok: false,
      error: {
        code: "run_busy",
        message: `Run run-1 is being worked on by process ${winner.pid} on alpha.`,
        hint: expect.any(String),
        owner: { ...winner, work: "execute" },
      },
    });
  });

  test.each(few(4, upTo(ROUNDS)))(
    "all that a process acknowledged before kill -9 is there afterwards, round %i",
    async (round) => {
      const killAt = 2 + ((round * 5) % 11);
      const writer = startProcess(
        { job: "write", file, owner: author, run: sampleRun(), changes: 1_000_000 },
        (count) => {
          if (count !== killAt) return;
          spin(round * 0.7);
          writer.child.kill("SIGKILL");
        },
      );
      await writer.reached(1);
      writer.go();
      const acknowledged = (await writer.ended).length - 1;
      expect(writer.child.signalCode).toBe("SIGKILL");
      const store = openRunStore(file, { now: () => 2 });
      const found = contents(store, "run-1");
      store.close();
      // One more than was acknowledged may be there: the kill can come between the commit and the line.
      const count = found.events.length;
      expect([acknowledged, acknowledged + 1]).toContain(count);
      expect(found).toEqual(expectedContents("run-1", count));
      expect(ask(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    },
  );

  test.skipIf(process.platform === "win32")(
    "when no more can be written, the change fails whole and the rest stays",
    async () => {
      // A limit on the size of files stands in for a full disk; the unit is 512 or 1,024 bytes, depending on the shell.
      const limited = ["sh", "-c", 'ulimit -f 512 && exec "$@"', "sh"];
      const writer = startProcess(
        { job: "write", file, owner: author, run: sampleRun(), changes: 1_000_000 },
        () => {},
        limited,
      );
      await writer.reached(1);
      writer.go();
      const said = await writer.ended;
      const count = said.length - 2;
      expect(said.at(-1)).toEqual({
        code: "storage_failed",
        message: expect.stringContaining(`The run store ${file} cannot be used: `),
        hint: expect.any(String),
      });
      const store = openRunStore(file, { now: () => 2 });
      expect(count).toBeGreaterThan(0);
      expect(contents(store, "run-1")).toEqual(expectedContents("run-1", count));
      expect(store.apply(own(store), { run: { request: "now" } })).toEqual({ ok: true, value: undefined });
      store.close();
      expect(ask(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    },
  );
});
