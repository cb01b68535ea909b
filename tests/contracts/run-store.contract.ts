/** What every run store must do, whatever it is built on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Artefacts, Change, RunStore } from "../../src/core/ports/run-store.ts";
import {
  artefacts,
  created,
  owner,
  sampleAttempt,
  sampleDecision,
  sampleLease,
  sampleRun,
  sampleScopeRequest,
  unnumbered,
} from "./run-store.samples.ts";
import { runOwnershipContract } from "./run-store-ownership.contract.ts";

/** A value that no store can write, behind a type that allows everything. */
const unwritable: Partial<Artefacts> = {
  task_list: { ...artefacts.task_list, suggestions: [{ message: "a number JSON has no form for", apply: 1n }] },
};

/** `apply`, whether a store calls the failure a value or a bug. */
function failsToApply(store: RunStore, change: Change): boolean {
  try {
    return !store.apply("run-1", change).ok;
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
        store.create(run, []);
        expect(reopened().run("run-1")).toEqual(run);
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
      });

      test("a second run of the same id is refused and leaves the first as it was", () => {
        store.create(sampleRun(), [created("first")]);
        expect(() => store.create(sampleRun({ request: "other" }), [created("second")])).toThrow();
        expect(store.run("run-1")).toEqual(sampleRun());
        expect(unnumbered(store.events("run-1", 0))).toEqual([{ ...created("first"), run_id: "run-1", at: 5_000 }]);
      });

      test("runs are listed newest first, up to the limit", () => {
        const runs = [
          sampleRun({ run_id: "run-b", created_at: 10 }),
          sampleRun({ run_id: "run-c", created_at: 30 }),
          sampleRun({ run_id: "run-a", created_at: 20 }),
        ];
        for (const run of runs) store.create(run, []);
        expect(store.runs(2).map((run) => run.run_id)).toEqual(["run-c", "run-a"]);
        expect(store.runs(9).map((run) => run.run_id)).toEqual(["run-c", "run-a", "run-b"]);
      });

      test("of runs created in the same millisecond the later one is listed first", () => {
        for (const run_id of ["run-a", "run-c", "run-b"]) store.create(sampleRun({ run_id }), []);
        expect(store.runs(9).map((run) => run.run_id)).toEqual(["run-b", "run-c", "run-a"]);
      });
    });

    describe("changes", () => {
      beforeEach(() => store.create(sampleRun({ error: failure }), []));

      test("the parts of a run that a change names are replaced and the rest stays", () => {
        now = 6_000;
        expect(store.apply("run-1", { run: { state: "executing", phase: "phase_3_batch" } })).toEqual(success);
        expect(reopened().run("run-1")).toEqual(
          sampleRun({ error: failure, state: "executing", phase: "phase_3_batch", updated_at: 6_000 }),
        );
      });

      test("a part that is set to undefined is gone", () => {
        expect(store.apply("run-1", { run: { error: undefined } })).toEqual(success);
        expect(store.run("run-1")).toEqual(sampleRun({ updated_at: 5_000 }));
      });

      test("a change never moves the run's id, owner or epoch, even when the given object has them", () => {
        const whole = sampleRun({ run_id: "run-2", owner, epoch: 9, state: "failed" });
        expect(store.apply("run-1", { run: whole })).toEqual(success);
        expect(store.runs(9)).toEqual([sampleRun({ error: failure, state: "failed", updated_at: 5_000 })]);
      });

      test("a run that is not there cannot be changed", () => {
        expect(store.apply("run-9", { run: { state: "failed" }, events: [created("x")] })).toMatchObject({
          ok: false,
          error: { code: "unknown_run", message: expect.stringContaining("run-9") },
        });
        expect(store.events("run-9", 0)).toEqual([]);
      });

      test("every kind of artefact comes back whole after reopening", () => {
        expect(store.apply("run-1", { artefacts })).toEqual(success);
        reopened();
        const kinds = Object.keys(artefacts) as (keyof Artefacts)[];
        expect(Object.fromEntries(kinds.map((kind) => [kind, store.artefact("run-1", kind)]))).toEqual(artefacts);
      });

      test("an artefact is replaced by a later one of its kind", () => {
        store.apply("run-1", { artefacts: { batch_log: [{ batch_id: 1, started_at: 1 }] } });
        store.apply("run-1", { artefacts: { batch_log: [{ batch_id: 1, started_at: 1, finished_at: 2 }] } });
        expect(store.artefact("run-1", "batch_log")).toEqual([{ batch_id: 1, started_at: 1, finished_at: 2 }]);
      });

      test("discarded artefacts are gone and the others of this and other runs stay", () => {
        store.create(sampleRun({ run_id: "run-2" }), []);
        store.apply("run-1", { artefacts });
        store.apply("run-2", { artefacts });
        expect(store.apply("run-1", { discard: ["execution_plan", "report"] })).toEqual(success);
        expect(store.artefact("run-1", "execution_plan")).toBeUndefined();
        expect(store.artefact("run-1", "report")).toBeUndefined();
        expect(store.artefact("run-1", "task_list")).toEqual(artefacts.task_list);
        expect(store.artefact("run-2", "report")).toEqual(artefacts.report);
      });

      test("an artefact that is discarded and given in one change is the given one", () => {
        store.apply("run-1", { artefacts: { batch_log: [{ batch_id: 1, started_at: 1 }] } });
        store.apply("run-1", { discard: ["batch_log", "report"], artefacts: { batch_log: [] } });
        expect(store.artefact("run-1", "batch_log")).toEqual([]);
      });

      test("attempts come in the order they started, and a later state of one keeps its place", () => {
        const first = sampleAttempt({ task_id: "z" });
        const second = sampleAttempt({ task_id: "a" });
        const third = sampleAttempt({ task_id: "m", started_at: 2_001, process: owner });
        for (const attempt of [first, second, third]) store.apply("run-1", { attempt });
        const ended = { ...first, state: "rejected" as const, finished_at: 9_000, error: failure, violations: [] };
        store.apply("run-1", { attempt: ended });
        expect(reopened().attempts("run-1")).toEqual([ended, second, third]);
      });

      test("several attempts at one task are kept apart", () => {
        const attempts = [sampleAttempt({ state: "lost" }), sampleAttempt({ attempt: 2, started_at: 2_500 })];
        for (const attempt of attempts) store.apply("run-1", { attempt });
        expect(store.attempts("run-1")).toEqual(attempts);
      });

      test("the latest decision on a conflict counts, and decisions come sorted by conflict", () => {
        for (const decision of [
          sampleDecision({ conflict_id: "c2" }),
          sampleDecision(),
          sampleDecision({ conflict_id: "c2", choice: "edited", decided_at: 4 }),
        ])
          store.apply("run-1", { decision });
        expect(reopened().decisions("run-1")).toEqual([
          sampleDecision(),
          sampleDecision({ conflict_id: "c2", choice: "edited", decided_at: 4 }),
        ]);
      });
    });

    describe("leases", () => {
      const claimed = sampleLease({ state: "claimed", version: 2, token_hash: "h1", expires_at: 9_000 });

      beforeEach(() => store.create(sampleRun(), []));

      test("a lease comes back whole, by its run and by its token", () => {
        expect(store.apply("run-1", { lease: sampleLease() })).toEqual(success);
        expect(store.apply("run-1", { lease: claimed })).toEqual(success);
        expect(store.apply("run-1", { lease: sampleLease({ task_id: "a" }) })).toEqual(success);
        expect(reopened().leases("run-1")).toEqual([sampleLease({ task_id: "a" }), claimed]);
        expect(store.leaseOf("h1")).toEqual(claimed);
        expect([store.leaseOf("h2"), store.leases("run-2")]).toEqual([undefined, []]);
      });

      test("of two that follow the same version the second is refused, with everything else it brings", () => {
        store.apply("run-1", { lease: sampleLease() });
        store.apply("run-1", { lease: claimed });
        const late = { ...claimed, token_hash: "h2" };
        const refused = store.apply("run-1", { lease: late, attempt: sampleAttempt(), events: [created("never")] });
        expect(refused).toMatchObject({ ok: false, error: { code: "lease_changed" } });
        expect(store.leases("run-1")).toEqual([claimed]);
        expect([store.attempts("run-1"), store.events("run-1", 0)]).toEqual([[], []]);
      });

      test("a lease begins with version 1 and misses none", () => {
        for (const version of [2, 7]) {
          expect(store.apply("run-1", { lease: sampleLease({ version }) })).toMatchObject({ ok: false });
        }
        expect(store.leases("run-1")).toEqual([]);
      });
    });

    test("requests for scope come in the order they were asked, each in its latest state", () => {
      store.create(sampleRun(), []);
      const [first, second] = [sampleScopeRequest(), sampleScopeRequest({ request_id: "scope:a:1", task_id: "a" })];
      for (const scope_request of [first, second]) store.apply("run-1", { scope_request });
      const granted = { ...first, status: "granted" as const, granted: ["src/tax.ts"], decided_at: 8 };
      store.apply("run-1", { scope_request: granted });
      expect(reopened().scopeRequests("run-1")).toEqual([granted, second]);
    });

    describe("events", () => {
      test("events come in the order they were written, with the time of their change", () => {
        store.create(sampleRun(), [created("a"), created("b")]);
        now = 6_000;
        store.apply("run-1", { events: [{ type: "sync_point", batch_id: 1, commit: "f" }] });
        expect(unnumbered(reopened().events("run-1", 0))).toEqual([
          { ...created("a"), run_id: "run-1", at: 5_000 },
          { ...created("b"), run_id: "run-1", at: 5_000 },
          { type: "sync_point", batch_id: 1, commit: "f", run_id: "run-1", at: 6_000 },
        ]);
      });

      test("numbers rise over all runs, and only what came after a number is given", () => {
        store.create(sampleRun(), [created("a")]);
        store.create(sampleRun({ run_id: "run-2" }), [created("b")]);
        store.apply("run-1", { events: [created("c"), created("d")] });
        const [first, ...rest] = store.events("run-1", 0);
        const [other] = store.events("run-2", 0);
        const numbers = [first, other, ...rest].map((event) => event?.seq ?? 0);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(store.events("run-1", first?.seq ?? 0)).toEqual(rest);
        expect(store.events("run-1", rest.at(-1)?.seq ?? 0)).toEqual([]);
      });
    });

    describe("amendments", () => {
      const grown = { type: "grow_scope" as const, task_id: "basket", files: ["src/extra.ts"] };
      const added = { type: "add_tasks" as const, tasks: artefacts.task_list.tasks };

      test("what is left for the owner of an executing run comes back in order, until it is taken up", () => {
        store.create(sampleRun({ state: "executing", owner, epoch: 1 }), []);
        expect([store.amend("run-1", added), store.amend("run-1", grown)]).toEqual([ok(true), ok(true)]);
        const [first, second] = reopened().amendments("run-1");
        expect([first, second]).toEqual([
          { ...added, seq: expect.any(Number) },
          { ...grown, seq: expect.any(Number) },
        ]);
        expect(store.apply("run-1", { taken_up: [first?.seq ?? 0] })).toEqual(success);
        expect(reopened().amendments("run-1")).toEqual([second]);
      });

      test.each([
        ["open", owner],
        ["aggregating", owner],
        ["executing", undefined],
      ] as const)("nothing is left for a run that is %s under owner %o", (state, holder) => {
        store.create(sampleRun({ state, ...(holder === undefined ? {} : { owner: holder }) }), []);
        expect(store.amend("run-1", grown)).toEqual(ok(false));
        expect(store.amendments("run-1")).toEqual([]);
      });

      test("a run that is not there cannot be amended", () => {
        expect(store.amend("run-9", grown)).toMatchObject({ ok: false, error: { code: "unknown_run" } });
      });
    });

    describe("atomicity", () => {
      const change: Change = {
        run: { state: "failed" },
        discard: ["report"],
        attempt: sampleAttempt(),
        decision: sampleDecision(),
        events: [created("never")],
      };

      test("a change of which one part cannot be written leaves nothing", () => {
        store.create(sampleRun(), []);
        store.apply("run-1", { artefacts });
        expect(failsToApply(store, { ...change, artefacts: { batch_log: [], ...unwritable } })).toBe(true);
        expect(reopened().run("run-1")).toEqual(sampleRun({ updated_at: 5_000 }));
        expect(store.artefact("run-1", "report")).toEqual(artefacts.report);
        expect(store.artefact("run-1", "batch_log")).toEqual(artefacts.batch_log);
        expect([store.attempts("run-1"), store.decisions("run-1"), store.events("run-1", 0)]).toEqual([[], [], []]);
      });

      test("a store goes on after a change that failed", () => {
        store.create(sampleRun(), []);
        expect(failsToApply(store, { artefacts: unwritable })).toBe(true);
        expect(store.apply("run-1", change)).toEqual(success);
        expect(store.attempts("run-1")).toEqual([sampleAttempt()]);
      });

      test("a value that could not be read back is refused when it is written", () => {
        store.create(sampleRun(), []);
        const plan = { ...artefacts.execution_plan, gap: Number.POSITIVE_INFINITY };
        expect(failsToApply(store, { artefacts: { execution_plan: plan } })).toBe(true);
        expect(store.artefact("run-1", "execution_plan")).toBeUndefined();
      });
    });

    runOwnershipContract({ current: () => store, reopened });
  });
}

const ok = (value: boolean) => ({ ok: true, value });
const success = { ok: true, value: undefined };
const failure = { code: "agent_failed" as const, message: "it ended with 1", hint: "see its log" };
