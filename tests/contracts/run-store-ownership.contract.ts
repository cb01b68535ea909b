/** The part of the run store's contract that keeps two processes from working on one run. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Change, RunStore } from "../../src/core/ports/run-store.ts";
import { artefacts, created, owner, rival, sampleAttempt, sampleRun } from "./run-store.samples.ts";

const alive = () => true;
const dead = () => false;

/** `current` is the open store of the test that runs, `reopened` the same after closing and opening it again. */
export function runOwnershipContract(fixture: { current(): RunStore; reopened(): RunStore }): void {
  describe("ownership", () => {
    const busy = (pid: number) => ({
      ok: false,
      error: { code: "run_busy", message: expect.stringContaining(`process ${pid} on alpha`) },
    });

    let store: RunStore;

    beforeEach(() => {
      store = fixture.current();
      store.create(sampleRun(), []);
    });

    test("a free run is acquired, and the owner is remembered", () => {
      expect(store.acquire("run-1", owner, dead)).toEqual({ ok: true, value: 1 });
      expect(fixture.reopened().run("run-1")).toEqual(sampleRun({ owner, epoch: 1 }));
    });

    test("a run that is not there cannot be acquired", () => {
      expect(store.acquire("run-9", owner, dead)).toMatchObject({ ok: false, error: { code: "unknown_run" } });
    });

    test("a living owner keeps its run", () => {
      store.acquire("run-1", owner, alive);
      const asked: unknown[] = [];
      const answer = store.acquire("run-1", rival, (process) => {
        asked.push(process);
        return true;
      });
      expect(answer).toMatchObject(busy(41));
      expect(asked).toEqual([owner]);
      expect(store.run("run-1")).toEqual(sampleRun({ owner, epoch: 1 }));
    });

    test("the run of a dead owner is taken over with a higher epoch", () => {
      store.acquire("run-1", owner, alive);
      expect(store.acquire("run-1", rival, dead)).toEqual({ ok: true, value: 2 });
      expect(store.run("run-1")).toEqual(sampleRun({ owner: rival, epoch: 2 }));
    });

    test("an owner that asks again gets a new epoch", () => {
      store.acquire("run-1", owner, alive);
      expect(store.acquire("run-1", { ...owner }, alive)).toEqual({ ok: true, value: 2 });
    });

    test.each(["host", "pid", "start_time", "boot_id"] as const)(
      "a process with another %s is not the owner",
      (key) => {
        store.acquire("run-1", owner, alive);
        const stranger = { ...owner, [key]: key === "pid" ? 7 : "other" };
        expect(store.acquire("run-1", stranger, alive)).toMatchObject(busy(41));
      },
    );

    test("the owner's epoch lets a change through", () => {
      store.acquire("run-1", owner, alive);
      expect(store.apply("run-1", { run: { state: "executing" } }, 1)).toEqual({ ok: true, value: undefined });
      expect(store.run("run-1")).toEqual(sampleRun({ owner, epoch: 1, state: "executing", updated_at: 5_000 }));
    });

    test("a change of an earlier owner is refused and leaves nothing", () => {
      store.acquire("run-1", owner, alive);
      store.acquire("run-1", rival, dead);
      const late: Change = {
        run: { state: "complete" },
        artefacts,
        attempt: sampleAttempt(),
        events: [created("late")],
      };
      expect(store.apply("run-1", late, 1)).toMatchObject(busy(42));
      expect(store.run("run-1")).toEqual(sampleRun({ owner: rival, epoch: 2 }));
      expect(store.artefact("run-1", "report")).toBeUndefined();
      expect([store.attempts("run-1"), store.events("run-1", 0)]).toEqual([[], []]);
    });

    test("a change without an epoch is not fenced", () => {
      store.acquire("run-1", owner, alive);
      expect(store.apply("run-1", { run: { cancel_requested: true } })).toEqual({ ok: true, value: undefined });
    });

    test("a released run has no owner, and its former owner no longer writes it", () => {
      store.acquire("run-1", owner, alive);
      store.release("run-1", 1);
      expect(store.run("run-1")).toEqual(sampleRun({ epoch: 1 }));
      expect(store.apply("run-1", { run: { state: "failed" } }, 1)).toMatchObject({
        ok: false,
        error: { code: "run_busy" },
      });
      expect(store.acquire("run-1", rival, alive)).toEqual({ ok: true, value: 2 });
    });

    test("a release by an earlier owner does nothing", () => {
      store.acquire("run-1", owner, alive);
      store.acquire("run-1", rival, dead);
      store.release("run-1", 1);
      expect(store.run("run-1")).toEqual(sampleRun({ owner: rival, epoch: 2 }));
    });
  });
}
