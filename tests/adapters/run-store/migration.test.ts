/** A file that the previous version of the tables was written to: all of it is read, and it takes what only this version knows. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/run-store/sqlite-driver.ts";
import { openRunStore } from "../../../src/adapters/run-store/sqlite-run-store.ts";
import type { Artefacts, RunStore } from "../../../src/core/ports/run-store.ts";
import {
  artefacts,
  created,
  owner,
  rival,
  sampleAttempt,
  sampleDecision,
  sampleLease,
  sampleRun,
  sampleScopeRequest,
  unnumbered,
} from "../../contracts/run-store.samples.ts";
import { startProcess } from "./start-process.ts";

const VERSION_5 = readFileSync(new URL("../../fixtures/run-store/version-5.sql", import.meta.url), "utf8");
const clock = { now: () => 6_000 };

describe("a run store of version 5", () => {
  let folder: string;
  let file: string;
  let store: RunStore | undefined;

  const open = (): RunStore => {
    store = openRunStore(file, clock);
    return store;
  };
  const ask = (sql: string): unknown => {
    const database = openDatabase(file);
    const [row] = database.prepare(sql).all();
    database.close();
    return row;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "forkjoin-migration-"));
    file = join(folder, "store.db");
    const database = openDatabase(file);
    database.exec(VERSION_5);
    database.close();
    expect(ask("PRAGMA user_version")).toEqual({ user_version: 5 });
  });

  afterEach(() => {
    store?.close();
    rmSync(folder, { recursive: true });
  });

  test("is read whole", () => {
    const opened = open();
    const running = { state: "executing", phase: "phase_3_batch", pause_requested: true, owner } as const;
    const error = { code: "run_busy", message: "m", hint: "h" } as const;
    expect(opened.runs(9)).toEqual([
      sampleRun({ run_id: "run-2", state: "failed", epoch: 7, error }),
      sampleRun({ ...running, epoch: 1, updated_at: 5_000 }),
    ]);
    const kinds = Object.keys(artefacts) as (keyof Artefacts)[];
    expect(Object.fromEntries(kinds.map((kind) => [kind, opened.artefact("run-1", kind)]))).toEqual(artefacts);
    expect(opened.attempts("run-1")).toEqual([
      sampleAttempt({ process: owner }),
      sampleAttempt({
        ...{ task_id: "till", state: "rejected", started_at: 2_100, finished_at: 2_900 },
        error: { code: "scope_violation", message: "changed b.txt", hint: "widen the scope" },
        violations: [{ path: "b.txt", rule: "created outside the scope", fix: "leave it" }],
      }),
    ]);
    const claimed = { state: "claimed", token_hash: "h1", expires_at: 9_000, claimed_at: 2_000 } as const;
    expect(opened.leases("run-1")).toEqual([sampleLease(claimed)]);
    expect(opened.decisions("run-1")).toEqual([sampleDecision()]);
    expect(opened.scopeRequests("run-1")).toEqual([sampleScopeRequest()]);
    expect(opened.amendments("run-1")).toEqual([
      { type: "grow_scope", task_id: "basket", files: ["src/extra.ts"], seq: 1 },
    ]);
    expect(opened.durations("/repositories/shop", 9)).toMatchObject([{ actual_ms: 1 }]);
    expect(unnumbered(opened.events("run-1", 0))).toEqual([
      { ...created("Add a basket"), run_id: "run-1", at: 5_000 },
      { type: "sync_point", batch_id: 1, commit: "f", run_id: "run-1", at: 5_000 },
    ]);
    const asked: unknown[] = [];
    const slot = { repository: "/repositories/shop", limit: 2, machine: 4, owner };
    expect(opened.takeSlot(slot, (process) => asked.push(process) > 0)).toBe(1);
    expect(asked).toEqual([rival]);
  });

  test("counts from zero what is left from now on", () => {
    const opened = open();
    expect([opened.inbox("run-1"), opened.scopeRevision("run-1"), opened.inbox("run-2")]).toEqual([0, 0, 0]);
    const request = sampleScopeRequest({ request_id: "scope:basket:2" });
    expect(opened.leave("run-1", { type: "scope_request", request, revision: 0 })).toMatchObject({
      ok: true,
      value: { owned: true },
    });
    expect([opened.inbox("run-1"), opened.scopeRevision("run-1"), opened.inbox("run-2")]).toEqual([1, 1, 0]);
  });

  test("gives the run of its dead owner to the next one, which goes on", () => {
    const opened = open();
    expect(opened.acquire("run-1", { ...rival, work: "execute" }, () => true)).toMatchObject({ ok: false });
    const token = { run_id: "run-1", epoch: 2 };
    expect(opened.acquire("run-1", { ...rival, work: "execute" }, () => false)).toEqual({
      ok: true,
      value: { token, before: owner },
    });
    expect(opened.release(token)).toBe(false);
    expect(opened.apply(token, { transition: "execute", taken_up: [1] })).toMatchObject({ ok: true });
    expect(opened.release(token)).toBe(true);
  });

  test("is brought on once by two processes that open it at the same time", async () => {
    const processes = [owner, rival].map((identity) =>
      startProcess({
        job: "acquire",
        file,
        run: sampleRun({ run_id: "run-2" }),
        owner: { ...identity, work: "cancel" },
      }),
    );
    await Promise.all(processes.map((process) => process.reached(1)));
    for (const process of processes) process.go();
    const answers = await Promise.all(processes.map(async (process) => (await process.ended)[1]));
    expect(answers).toContainEqual({ ok: true, value: { token: { run_id: "run-2", epoch: 8 } } });
    expect(answers).toContainEqual(expect.objectContaining({ ok: false }));
    expect(open().run("run-1")?.state).toBe("executing");
    expect(ask("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
  });
});
