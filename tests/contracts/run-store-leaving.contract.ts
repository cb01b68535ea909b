/** The part of the run store's contract that says what anybody may leave for a run's owner, and how the owner finds it. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Amendment } from "../../src/core/model/amendment.ts";
import { type EntryKind, mayLeave } from "../../src/core/model/life.ts";
import { RunState } from "../../src/core/model/run.ts";
import type { Entry, RunStore } from "../../src/core/ports/run-store.ts";
import { own } from "./owned.ts";
import {
  artefacts,
  created,
  owner,
  sampleAttempt,
  sampleDecision,
  sampleLease,
  sampleRun,
  sampleScopeRequest,
} from "./run-store.samples.ts";

const GROWN: Amendment = { type: "grow_scope", task_id: "basket", files: ["src/extra.ts"] };
const ADDED: Amendment = { type: "add_tasks", tasks: artefacts.task_list.tasks };

/** One entry of each kind that a fresh run takes where its state allows the kind. */
export const ENTRIES: { [K in EntryKind]: Extract<Entry, { type: K }> } = {
  amendment: { type: "amendment", amendment: GROWN },
  scope_request: { type: "scope_request", request: sampleScopeRequest(), revision: 0 },
  lease: { type: "lease", lease: sampleLease() },
  decision: { type: "decision", decision: sampleDecision() },
  pause: { type: "pause" },
  cancel: { type: "cancel" },
};
const KINDS = Object.keys(ENTRIES) as EntryKind[];

export function runLeavingContract(fixture: { current(): RunStore; reopened(): RunStore }): void {
  describe("leaving", () => {
    let store: RunStore;

    beforeEach(() => {
      store = fixture.current();
    });

    const everythingOf = (run_id: string) => ({
      run: store.run(run_id),
      amendments: store.amendments(run_id),
      requests: store.scopeRequests(run_id),
      leases: store.leases(run_id),
      decisions: store.decisions(run_id),
      events: store.events(run_id, 0),
      inbox: store.inbox(run_id),
      revision: store.scopeRevision(run_id),
    });
    const left = (entry: Entry, run_id = "run-1") => {
      const answer = store.leave(run_id, entry);
      if (!answer.ok) expect.fail(answer.error.message);
      return answer.value;
    };

    describe.each(KINDS)("a %s", (kind) => {
      test.each(RunState.options)("is taken or refused whole for a run that is %s, as the table says", (state) => {
        store.create(sampleRun({ state }), {});
        const before = everythingOf("run-1");
        const answer = store.leave("run-1", { ...ENTRIES[kind], events: [created("left")] });
        if (!mayLeave(kind, state)) {
          expect(answer).toMatchObject({
            ok: false,
            error: { code: "wrong_phase", message: expect.stringContaining(`run run-1 is ${state}: `) },
          });
          expect(everythingOf("run-1")).toEqual(before);
          return;
        }
        expect(answer).toMatchObject({ ok: true, value: { owned: false } });
        expect(store.events("run-1", 0)).toMatchObject([{ ...created("left"), at: 5_000 }]);
        expect(store.inbox("run-1")).toBe(1);
        expect(store.run("run-1")?.state).toBe(state);
      });

      test("says whether somebody owns the run, and leaves the owner its token", () => {
        store.create(sampleRun({ state: "executing" }), {});
        const token = own(store);
        expect(left(ENTRIES[kind]).owned).toBe(true);
        expect(store.run("run-1")).toMatchObject({ owner: { ...owner, work: "execute" }, epoch: 1 });
        expect(store.apply(token, { events: [created("mine")] })).toMatchObject({ ok: true });
      });

      test("is not left for a run that is not there", () => {
        expect(store.leave("run-9", ENTRIES[kind])).toMatchObject({ ok: false, error: { code: "unknown_run" } });
        expect(everythingOf("run-9")).toMatchObject({ run: undefined, events: [], inbox: 0, revision: 0 });
      });
    });

    test("the inbox counts what was left for a run, and nothing that its owner writes or that another run gets", () => {
      store.create(sampleRun({ state: "executing" }), {});
      store.create(sampleRun({ run_id: "run-2", state: "executing" }), {});
      const counts = KINDS.map((kind) => {
        left(ENTRIES[kind]);
        return store.inbox("run-1");
      });
      expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
      const token = own(store);
      const request = sampleScopeRequest({ request_id: "scope:basket:2" });
      store.apply(token, { lease: sampleLease({ version: 2 }), scope_decision: { request, revision: 1 } });
      store.leave("run-1", { type: "scope_request", request, revision: 7 });
      store = fixture.reopened();
      expect([store.inbox("run-1"), store.inbox("run-2")]).toEqual([6, 0]);
    });

    test("amendments come back in order with their numbers, until they are taken up", () => {
      store.create(sampleRun({ state: "executing" }), {});
      store.create(sampleRun({ run_id: "run-2", state: "executing" }), {});
      const seqs = [
        left({ type: "amendment", amendment: ADDED }).seq,
        left({ type: "amendment", amendment: GROWN }, "run-2").seq,
        left({ type: "amendment", amendment: GROWN }).seq,
      ];
      const [first = 0, other = 0, second = 0] = seqs;
      expect([first < other, other < second]).toEqual([true, true]);
      store = fixture.reopened();
      expect(store.amendments("run-1")).toEqual([
        { ...ADDED, seq: first },
        { ...GROWN, seq: second },
      ]);
      const token = own(store);
      store.apply(token, { taken_up: [first, other] });
      store = fixture.reopened();
      expect(store.amendments("run-1")).toEqual([{ ...GROWN, seq: second }]);
      expect(store.amendments("run-2")).toEqual([{ ...GROWN, seq: other }]);
    });

    describe("a request for scope", () => {
      const request = sampleScopeRequest();
      const granted = sampleScopeRequest({ status: "granted", granted: ["src/tax.ts"], decided_at: 8 });

      beforeEach(() => store.create(sampleRun({ state: "executing" }), {}));

      test("comes back in the order of asking, each in its latest state", () => {
        const second = sampleScopeRequest({ request_id: "scope:a:1", task_id: "a" });
        left({ type: "scope_request", request, revision: 0 });
        left({ type: "scope_request", request: second, revision: 1 });
        left({ type: "scope_request", request: granted, revision: 2 });
        store = fixture.reopened();
        expect(store.scopeRequests("run-1")).toEqual([granted, second]);
        expect(store.scopeRevision("run-1")).toBe(3);
      });

      test("leaves what it grants to be planned with, and nothing where it grants nothing", () => {
        expect(left({ type: "scope_request", request, revision: 0 }).seq).toBeUndefined();
        expect(store.amendments("run-1")).toEqual([]);
        const { seq } = left({ type: "scope_request", request: granted, revision: 1 });
        const grown = { type: "grow_scope", task_id: "basket", files: ["src/tax.ts"], seq };
        expect(store.amendments("run-1")).toEqual([grown]);
      });

      test.each([0, 2])(
        "that was decided on revision %i while the run has 1 is refused whole, left or written",
        (revision) => {
          left({ type: "scope_request", request, revision: 0 });
          const token = own(store);
          const before = everythingOf("run-1");
          const refused = { ok: false, error: { code: "changed_meanwhile" } };
          const late = sampleScopeRequest({ ...granted, request_id: "scope:a:1", task_id: "a" });
          const entry: Entry = { type: "scope_request", request: late, revision, events: [created("never")] };
          expect(store.leave("run-1", entry)).toMatchObject(refused);
          const change = {
            scope_decision: { request: late, revision },
            attempt: sampleAttempt(),
            events: [created("x")],
          };
          expect(store.apply(token, change)).toMatchObject(refused);
          expect(everythingOf("run-1")).toEqual(before);
          expect(store.attempts("run-1")).toEqual([]);
        },
      );

      test("that the owner decides counts like one that was left", () => {
        const token = own(store);
        expect(store.apply(token, { scope_decision: { request: granted, revision: 0 } })).toMatchObject({ ok: true });
        expect(store.scopeRevision("run-1")).toBe(1);
        expect(store.scopeRequests("run-1")).toEqual([granted]);
        expect(store.amendments("run-1")).toMatchObject([{ type: "grow_scope", files: ["src/tax.ts"] }]);
        expect(store.leave("run-1", { type: "scope_request", request, revision: 0 })).toMatchObject({ ok: false });
      });
    });

    describe("a lease", () => {
      const claimed = sampleLease({ state: "claimed", version: 2, token_hash: "h1", expires_at: 9_000 });

      beforeEach(() => store.create(sampleRun({ state: "executing" }), {}));

      test("comes back whole, by its run and by its token, left or written", () => {
        expect(store.apply(own(store), { lease: sampleLease() })).toMatchObject({ ok: true });
        left({ type: "lease", lease: claimed });
        left({ type: "lease", lease: sampleLease({ task_id: "a" }) });
        store = fixture.reopened();
        expect(store.leases("run-1")).toEqual([sampleLease({ task_id: "a" }), claimed]);
        expect(store.leaseOf("h1")).toEqual(claimed);
        expect([store.leaseOf("h2"), store.leases("run-2")]).toEqual([undefined, []]);
      });

      test("of two that follow the same version the second is refused, with everything else it brings", () => {
        const token = own(store);
        store.apply(token, { lease: sampleLease() });
        left({ type: "lease", lease: claimed });
        const before = everythingOf("run-1");
        const late = { ...claimed, token_hash: "h2" };
        const refused = { ok: false, error: { code: "lease_changed" } };
        expect(store.leave("run-1", { type: "lease", lease: late, events: [created("never")] })).toMatchObject(refused);
        const change = { lease: late, attempt: sampleAttempt(), events: [created("never")] };
        expect(store.apply(token, change)).toMatchObject(refused);
        expect(everythingOf("run-1")).toEqual(before);
        expect(store.attempts("run-1")).toEqual([]);
      });

      test.each([2, 7])("does not begin with version %i", (version) => {
        const lease = sampleLease({ version });
        expect(store.leave("run-1", { type: "lease", lease })).toMatchObject({ ok: false });
        expect(store.apply(own(store), { lease })).toMatchObject({ ok: false });
        expect(store.leases("run-1")).toEqual([]);
      });
    });

    describe("a decision", () => {
      beforeEach(() => store.create(sampleRun({ state: "awaiting_review" }), {}));

      test("of two on the same versions the first counts, and the second is told which it was", () => {
        left({ type: "decision", decision: sampleDecision() });
        const late = sampleDecision({ choice: "theirs", decided_at: 4 });
        const answer = store.leave("run-1", { type: "decision", decision: late, events: [created("never")] });
        expect(answer).toMatchObject({
          error: { code: "changed_meanwhile", message: expect.stringContaining("conflict c1 was decided") },
        });
        expect(answer).toMatchObject({ error: { message: expect.stringContaining("ours") } });
        store = fixture.reopened();
        expect(store.decisions("run-1")).toEqual([sampleDecision()]);
        expect([store.events("run-1", 0), store.inbox("run-1")]).toEqual([[], 1]);
      });

      test("on later versions takes the place of the earlier one, and decisions come sorted by conflict", () => {
        const second = sampleDecision({ conflict_id: "c2", sides: "y", choice: "edited", decided_at: 4 });
        for (const decision of [sampleDecision({ conflict_id: "c2" }), sampleDecision(), second]) {
          left({ type: "decision", decision });
        }
        expect(fixture.reopened().decisions("run-1")).toEqual([sampleDecision(), second]);
      });

      test("is remembered for other runs of the same repository alone, with the run it was made in", () => {
        store.create(sampleRun({ run_id: "run-2" }), {});
        store.create(sampleRun({ run_id: "run-3", repository: "/repositories/other" }), {});
        left({ type: "decision", decision: sampleDecision() });
        const remembered = [sampleDecision({ remembered_from: "run-1" })];
        expect([store.pastDecisions("run-2"), store.pastDecisions("run-1")]).toEqual([remembered, []]);
        expect(store.pastDecisions("run-3")).toEqual([]);
      });
    });

    test.each([
      ["pause", "pause_requested"],
      ["cancel", "cancel_requested"],
    ] as const)("a %s is a word to the owner and changes no state", (type, key) => {
      store.create(sampleRun({ state: "executing" }), {});
      left({ type });
      left({ type });
      expect(fixture.reopened().run("run-1")).toEqual(
        sampleRun({ state: "executing", [key]: true, updated_at: 5_000 }),
      );
    });
  });
}
