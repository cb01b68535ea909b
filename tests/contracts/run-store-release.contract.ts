/** The part of the run store's contract that says how an owner gives its run back: never over something that was left for it. */
import { beforeEach, describe, expect, test } from "vitest";
import { hasEnded } from "../../src/core/model/life.ts";
import { RunState } from "../../src/core/model/run.ts";
import type { Entry, RunStore } from "../../src/core/ports/run-store.ts";
import { own } from "./owned.ts";
import { sampleRun } from "./run-store.samples.ts";
import { ENTRIES } from "./run-store-leaving.contract.ts";

const ENDINGS = [
  ["complete", "complete"],
  ["failed", "fail"],
  ["cancelled", "cancel"],
] as const;

export function runReleaseContract(fixture: { current(): RunStore }): void {
  let store: RunStore;

  beforeEach(() => {
    store = fixture.current();
  });

  const left = (entry: Entry) => {
    const answer = store.leave("run-1", entry);
    if (!answer.ok) expect.fail(answer.error.message);
    return answer.value;
  };

  describe("giving the run back", () => {
    beforeEach(() => store.create(sampleRun({ state: "executing" }), {}));

    const entries = { amendment: ENTRIES.amendment, cancel: ENTRIES.cancel };

    test.each(["amendment", "cancel"] as const)("waits for the owner to take up a %s that was left", (kind) => {
      const token = own(store);
      const { seq } = left(entries[kind]);
      expect(store.release(token)).toBe(false);
      expect(store.run("run-1")?.owner).toMatchObject({ work: "execute" });
      const taken = kind === "cancel" ? { transition: "cancel" as const } : { taken_up: [seq ?? 0] };
      expect(store.apply(token, taken)).toMatchObject({ ok: true });
      expect(store.release(token)).toBe(true);
      expect(store.run("run-1")?.owner).toBeUndefined();
    });

    test.each(["scope_request", "lease", "decision", "pause"] as const)("does not wait for a %s", (kind) => {
      const token = own(store);
      left(ENTRIES[kind]);
      expect(store.release(token)).toBe(true);
      expect(store.run("run-1")?.owner).toBeUndefined();
    });

    test.each(ENDINGS)("does not wait for anything once the run is %s", (state, transition) => {
      left(ENTRIES.amendment);
      left(ENTRIES.cancel);
      const token = own(store, "aggregate");
      for (const step of ["aggregate", transition] as const) store.apply(token, { transition: step });
      expect(store.run("run-1")?.state).toBe(state);
      expect(store.release(token)).toBe(true);
    });

    test("is tried above in every state that ends a run", () => {
      expect(ENDINGS.map(([state]) => state)).toEqual(RunState.options.filter(hasEnded));
    });

    test("is up to the present owner: what was left does not keep an earlier one", () => {
      const late = own(store);
      const present = own(store, "aggregate");
      left(ENTRIES.amendment);
      expect(store.release(late)).toBe(true);
      expect(store.run("run-1")).toMatchObject({ owner: { work: "aggregate" }, epoch: present.epoch });
    });

    test("can be done whatever was left: the next owner finds it", () => {
      const token = own(store);
      left(ENTRIES.amendment);
      left(ENTRIES.cancel);
      store.abandon(token);
      expect(store.run("run-1")).toMatchObject({ cancel_requested: true });
      expect(store.run("run-1")?.owner).toBeUndefined();
      expect(store.amendments("run-1")).toMatchObject([ENTRIES.amendment.amendment]);
      expect(store.release(own(store, "amend"))).toBe(false);
    });
  });
}
