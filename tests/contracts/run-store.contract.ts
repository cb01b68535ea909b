/** What every run store must do, whatever it is built on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Artefacts, Change, OwnerToken, RunStore } from "../../src/core/ports/run-store.ts";
import { own } from "./owned.ts";
import { artefacts, created, owner, sampleAttempt, sampleRun, unnumbered } from "./run-store.samples.ts";
import { runLeavingContract } from "./run-store-leaving.contract.ts";
import { runLifeContract } from "./run-store-life.contract.ts";
import { runOwnershipContract } from "./run-store-ownership.contract.ts";
import { runReleaseContract } from "./run-store-release.contract.ts";

/** A value that no store can write, behind a type that allows everything. */
const unwritable: Partial<Artefacts> = {
  task_list: { ...artefacts.task_list, suggestions: [{ message: "a number JSON has no form for", apply: 1n }] },
};

/** `apply`, whether a store calls the failure a value or a bug. */
function failsToApply(store: RunStore, token: OwnerToken, change: Change): boolean {
  try {
    return !store.apply(token, change).ok;
  } catch {
    return true;
  }
}

/** Runs the contract over the store that `open` gives for a file in a fresh folder. */
export function runStoreContract(name: string, open: (file: string, clock: Clock) => RunStore): void {
  describe(`${name} as a run store`, () => {
    let folder: string;
    let store: RunStore;
    let now: number;

    const reopened = (): RunStore => {
      store.close();
      store = open(join(folder, "store.db"), { now: () => now });
      return store;
    };

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "forkjoin-run-store-"));
      now = 5_000;
      store = open(join(folder, "store.db"), { now: () => now });
    });

    afterEach(() => {
      store.close();
      rmSync(folder, { recursive: true });
    });

    describe("runs", () => {
      test("a run comes back whole after reopening", () => {
        const run = sampleRun({ owner, epoch: 3, phase: "phase_3_batch", error: failure });
        store.create(run, {});
        expect(reopened().run("run-1")).toEqual(run);
      });

      test("a run is created with what its first phase left, or not at all", () => {
        store.create(sampleRun(), { artefacts: { task_list: artefacts.task_list }, events: [created("a")] });
        expect(reopened().artefact("run-1", "task_list")).toEqual(artefacts.task_list);
        expect(unnumbered(store.events("run-1", 0))).toEqual([{ ...created("a"), run_id: "run-1", at: 5_000 }]);
        expect(() => store.create(sampleRun({ run_id: "run-2" }), { artefacts: unwritable })).toThrow();
        expect(store.runs(9)).toEqual([sampleRun()]);
      });

      test("nothing is known of a run that was never created", () => {
        expect(store.run("run-1")).toBeUndefined();
        expect(store.artefact("run-1", "report")).toBeUndefined();
        expect([store.runs(9), store.attempts("run-1"), store.decisions("run-1"), store.events("run-1", 0)]).toEqual([
          [],
          [],
          [],
          [],
        ]);
        expect([store.inbox("run-1"), store.scopeRevision("run-1")]).toEqual([0, 0]);
      });

      test("a second run of the same id is refused and leaves the first as it was", () => {
        store.create(sampleRun(), { events: [created("first")] });
        const second = { artefacts, events: [created("second")] };
        expect(() => store.create(sampleRun({ request: "other" }), second)).toThrow();
        expect(store.run("run-1")).toEqual(sampleRun());
        expect(store.artefact("run-1", "report")).toBeUndefined();
        expect(unnumbered(store.events("run-1", 0))).toEqual([{ ...created("first"), run_id: "run-1", at: 5_000 }]);
      });

      test("runs are listed newest first, up to the limit", () => {
        const runs = [
          sampleRun({ run_id: "run-b", created_at: 10 }),
          sampleRun({ run_id: "run-c", created_at: 30 }),
          sampleRun({ run_id: "run-a", created_at: 20 }),
        ];
        for (const run of runs) store.create(run, {});
        expect(store.runs(2).map((run) => run.run_id)).toEqual(["run-c", "run-a"]);
        expect(store.runs(9).map((run) => run.run_id)).toEqual(["run-c", "run-a", "run-b"]);
      });

      test("of runs created in the same millisecond the later one is listed first", () => {
        for (const run_id of ["run-a", "run-c", "run-b"]) store.create(sampleRun({ run_id }), {});
        expect(store.runs(9).map((run) => run.run_id)).toEqual(["run-b", "run-c", "run-a"]);
      });
    });

    describe("changes", () => {
      const owned = { error: failure, owner: { ...owner, work: "execute" as const }, epoch: 1 };
      let token: OwnerToken;

      beforeEach(() => {
        store.create(sampleRun({ error: failure }), {});
        token = own(store);
      });

      test("the parts of a run that a change names are replaced and the rest stays", () => {
        now = 6_000;
        expect(store.apply(token, { run: { request: "new", phase: "phase_3_batch" } })).toEqual(success);
        expect(reopened().run("run-1")).toEqual(
          sampleRun({ ...owned, request: "new", phase: "phase_3_batch", updated_at: 6_000 }),
        );
      });

      test("a part that is set to undefined is gone", () => {
        expect(store.apply(token, { run: { error: undefined } })).toEqual(success);
        expect(store.run("run-1")).toEqual(sampleRun({ ...owned, error: undefined, updated_at: 5_000 }));
      });

      test("a change never moves the run's id, owner, epoch or state, even when the given object has them", () => {
        const whole = sampleRun({ run_id: "run-2", owner, epoch: 9, state: "failed", request: "new" });
        expect(store.apply(token, { run: whole })).toEqual(success);
        expect(store.runs(9)).toEqual([sampleRun({ ...owned, request: "new", updated_at: 5_000 })]);
      });

      test("every kind of artefact comes back whole after reopening", () => {
        expect(store.apply(token, { artefacts })).toEqual(success);
        reopened();
        const kinds = Object.keys(artefacts) as (keyof Artefacts)[];
        expect(Object.fromEntries(kinds.map((kind) => [kind, store.artefact("run-1", kind)]))).toEqual(artefacts);
      });

      test("an artefact is replaced by a later one of its kind", () => {
        store.apply(token, { artefacts: { batch_log: [{ batch_id: 1, started_at: 1 }] } });
        store.apply(token, { artefacts: { batch_log: [{ batch_id: 1, started_at: 1, finished_at: 2 }] } });
        expect(store.artefact("run-1", "batch_log")).toEqual([{ batch_id: 1, started_at: 1, finished_at: 2 }]);
      });

      test("discarded artefacts are gone and the others of this and other runs stay", () => {
        store.create(sampleRun({ run_id: "run-2" }), { artefacts });
        store.apply(token, { artefacts });
        expect(store.apply(token, { discard: ["execution_plan", "report"] })).toEqual(success);
        expect(store.artefact("run-1", "execution_plan")).toBeUndefined();
        expect(store.artefact("run-1", "report")).toBeUndefined();
        expect(store.artefact("run-1", "task_list")).toEqual(artefacts.task_list);
        expect(store.artefact("run-2", "report")).toEqual(artefacts.report);
      });

      test("an artefact that is discarded and given in one change is the given one", () => {
        store.apply(token, { artefacts: { batch_log: [{ batch_id: 1, started_at: 1 }] } });
        store.apply(token, { discard: ["batch_log", "report"], artefacts: { batch_log: [] } });
        expect(store.artefact("run-1", "batch_log")).toEqual([]);
      });

      test("attempts come in the order they started, and a later state of one keeps its place", () => {
        const first = sampleAttempt({ task_id: "z" });
        const second = sampleAttempt({ task_id: "a" });
        const third = sampleAttempt({ task_id: "m", started_at: 2_001, process: owner });
        for (const attempt of [first, second, third]) store.apply(token, { attempt });
        const ended = { ...first, state: "rejected" as const, finished_at: 9_000, error: failure, violations: [] };
        store.apply(token, { attempt: ended });
        expect(reopened().attempts("run-1")).toEqual([ended, second, third]);
      });

      test("several attempts at one task are kept apart", () => {
        const attempts = [sampleAttempt({ state: "lost" }), sampleAttempt({ attempt: 2, started_at: 2_500 })];
        for (const attempt of attempts) store.apply(token, { attempt });
        expect(store.attempts("run-1")).toEqual(attempts);
      });
    });

    describe("events", () => {
      test("events come in the order they were written, with the time of their change", () => {
        store.create(sampleRun(), { events: [created("a"), created("b")] });
        now = 6_000;
        store.apply(own(store), { events: [{ type: "sync_point", batch_id: 1, commit: "f" }] });
        expect(unnumbered(reopened().events("run-1", 0))).toEqual([
          { ...created("a"), run_id: "run-1", at: 5_000 },
          { ...created("b"), run_id: "run-1", at: 5_000 },
          { type: "sync_point", batch_id: 1, commit: "f", run_id: "run-1", at: 6_000 },
        ]);
      });

      test("numbers rise over all runs, and only what came after a number is given", () => {
        store.create(sampleRun(), { events: [created("a")] });
        store.create(sampleRun({ run_id: "run-2" }), { events: [created("b")] });
        store.apply(own(store), { events: [created("c"), created("d")] });
        const [first, ...rest] = store.events("run-1", 0);
        const [other] = store.events("run-2", 0);
        const numbers = [first, other, ...rest].map((event) => event?.seq ?? 0);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(store.events("run-1", first?.seq ?? 0)).toEqual(rest);
        expect(store.events("run-1", rest.at(-1)?.seq ?? 0)).toEqual([]);
      });
    });

    describe("durations", () => {
      const took = (actual_ms: number) => ({
        agent: "writer",
        category: "test" as const,
        estimated_ms: 600_000,
        actual_ms,
      });

      test("what tasks took comes back for their repository alone, newest first, and the last of one task counts", () => {
        store.create(sampleRun(), {});
        store.create(sampleRun({ run_id: "run-2" }), {});
        store.create(sampleRun({ run_id: "run-3", repository: "/repositories/other" }), {});
        const tokens = ["run-1", "run-2", "run-3"].map((run_id) => own(store, "execute", { run_id }));
        const [one, two, three] = tokens;
        if (one === undefined || two === undefined || three === undefined) throw new Error("three runs");
        store.apply(one, { duration: { task_id: "a", ...took(1) } });
        store.apply(one, { duration: { task_id: "b", ...took(2) } });
        store.apply(two, { duration: { task_id: "a", ...took(3) } });
        store.apply(three, { duration: { task_id: "a", ...took(4) } });
        store.apply(one, { duration: { task_id: "a", ...took(5) } });
        expect(reopened().durations("/repositories/shop", 9)).toEqual([took(3), took(2), took(5)]);
        expect(store.durations("/repositories/shop", 1)).toEqual([took(3)]);
        expect(store.durations("/nowhere", 9)).toEqual([]);
      });
    });

    describe("atomicity", () => {
      const owned = { owner: { ...owner, work: "aggregate" as const }, epoch: 1, state: "aggregating" as const };
      const change: Change = {
        transition: "fail",
        run: { request: "never" },
        discard: ["report"],
        attempt: sampleAttempt(),
        events: [created("never")],
      };
      let token: OwnerToken;

      beforeEach(() => {
        store.create(sampleRun({ state: "aggregating" }), {});
        token = own(store, "aggregate");
      });

      test("a change of which one part cannot be written leaves nothing", () => {
        store.apply(token, { artefacts });
        expect(failsToApply(store, token, { ...change, artefacts: { batch_log: [], ...unwritable } })).toBe(true);
        expect(reopened().run("run-1")).toEqual(sampleRun({ ...owned, updated_at: 5_000 }));
        expect(store.artefact("run-1", "report")).toEqual(artefacts.report);
        expect(store.artefact("run-1", "batch_log")).toEqual(artefacts.batch_log);
        expect([store.attempts("run-1"), store.events("run-1", 0)]).toEqual([[], []]);
      });

      test("a store goes on after a change that failed", () => {
        expect(failsToApply(store, token, { artefacts: unwritable })).toBe(true);
        expect(store.apply(token, change)).toEqual(success);
        expect(store.attempts("run-1")).toEqual([sampleAttempt()]);
        expect(store.run("run-1")?.state).toBe("failed");
      });

      test("a value that could not be read back is refused when it is written", () => {
        const plan = { ...artefacts.execution_plan, gap: Number.POSITIVE_INFINITY };
        expect(failsToApply(store, token, { artefacts: { execution_plan: plan } })).toBe(true);
        expect(store.artefact("run-1", "execution_plan")).toBeUndefined();
      });
    });

    runOwnershipContract({ current: () => store, reopened });
    runLifeContract({ current: () => store, reopened });
    runLeavingContract({ current: () => store, reopened });
    runReleaseContract({ current: () => store });
  });
}

const success = { ok: true, value: undefined };
const failure = { code: "agent_failed" as const, message: "it ended with 1", hint: "see its log" };
