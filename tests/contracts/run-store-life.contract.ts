/** The part of the run store's contract that holds a run to the table of its life: no state is ever stored that the table does not lead to. */
import { beforeEach, describe, expect, test } from "vitest";
import { after, LIFE, type Transition } from "../../src/core/model/life.ts";
import { RunState } from "../../src/core/model/run.ts";
import { WorkKind } from "../../src/core/model/work-kind.ts";
import type { Change, OwnerToken, RunStore } from "../../src/core/ports/run-store.ts";
import { own } from "./owned.ts";
import { artefacts, created, owner, sampleAttempt, sampleLease, sampleRun } from "./run-store.samples.ts";

/** Every transition that the table knows, in its order. */
export const TRANSITIONS: Transition[] = [
  ...new Set(Object.values(LIFE).flatMap((ways) => Object.keys(ways) as Transition[])),
];

export function runLifeContract(fixture: { current(): RunStore; reopened(): RunStore }): void {
  describe("a run's life", () => {
    let store: RunStore;
    let runs = 0;

    beforeEach(() => {
      store = fixture.current();
    });

    const begun = (state: RunState, work: WorkKind): OwnerToken => {
      runs += 1;
      const run_id = `life-${runs}`;
      store.create(sampleRun({ run_id, state }), {});
      return own(store, work, { run_id });
    };
    const stored = (run_id: string) => ({
      run: store.run(run_id),
      report: store.artefact(run_id, "report"),
      attempts: store.attempts(run_id),
      leases: store.leases(run_id),
      events: store.events(run_id, 0).length,
    });

    /** Tries one transition: what the table says is stored with all that came with it, or nothing is. */
    function tried(token: OwnerToken, state: RunState, transition: Transition, work: WorkKind): boolean {
      const { run_id, epoch } = token;
      const before = stored(run_id);
      const lease = sampleLease({ run_id });
      const { report } = artefacts;
      const change = { run: { request: "new" }, artefacts: { report }, attempt: sampleAttempt(), lease } as const;
      const applied = store.apply(token, { transition, ...change, events: [created("new")] });
      const next = after(state, transition, work);
      if (next === undefined) {
        expect(applied).toMatchObject({
          error: { code: "wrong_phase", message: `run ${run_id} is ${state}`, hint: expect.any(String) },
        });
        expect(stored(run_id)).toEqual(before);
        return false;
      }
      expect(applied).toEqual({ ok: true, value: undefined });
      const whole = { run_id, state: next, epoch, owner: { ...owner, work }, request: "new", updated_at: 5_000 };
      expect(stored(run_id)).toEqual({
        run: sampleRun(whole),
        ...{ report, attempts: [sampleAttempt()], leases: [lease], events: 1 },
      });
      return true;
    }

    test.each(RunState.options)(
      "what leads on from %s is what the table says for each kind of work, and no more",
      (state) => {
        for (const work of WorkKind.options) {
          let token = begun(state, work);
          for (const transition of TRANSITIONS) {
            if (tried(token, state, transition, work)) token = begun(state, work);
          }
        }
      },
    );

    test("a change without a transition leaves every state as it is, whatever the run part carries", () => {
      for (const state of RunState.options) {
        const token = begun(state, "execute");
        const smuggled: Change = { run: sampleRun({ state: "complete", request: "new" }) };
        expect(store.apply(token, smuggled)).toMatchObject({ ok: true });
        expect(store.run(token.run_id)).toMatchObject({ state, request: "new", run_id: token.run_id });
      }
    });

    test("an owner of an earlier version, which names no work, makes no transition", () => {
      store.create(sampleRun({ state: "executing", owner, epoch: 1 }), {});
      const token = { run_id: "run-1", epoch: 1 };
      for (const transition of TRANSITIONS) {
        expect(store.apply(token, { transition })).toMatchObject({ error: { code: "wrong_phase" } });
      }
      expect(store.run("run-1")?.state).toBe("executing");
    });

    test("states follow each other over reopened stores and owners", () => {
      store.create(sampleRun(), {});
      const steps: [Transition, WorkKind][] = [
        ["plan", "plan"],
        ["execute", "execute"],
        ["pause", "execute"],
        ["amend", "amend"],
        ["execute", "execute"],
        ["idle", "execute"],
        ["aggregate", "aggregate"],
        ["ask", "aggregate"],
        ["aggregate", "aggregate"],
        ["fail", "aggregate"],
        ["cancel", "cancel"],
      ];
      const states = steps.map(([transition, work]) => {
        const token = own(store, work);
        expect(store.apply(token, { transition })).toMatchObject({ ok: true });
        store.release(token);
        store = fixture.reopened();
        return store.run("run-1")?.state;
      });
      expect(states).toEqual([
        ...["open", "executing", "paused", "paused", "executing", "open", "aggregating", "awaiting_review"],
        ...["aggregating", "failed", "cancelled"],
      ]);
    });
  });
}
