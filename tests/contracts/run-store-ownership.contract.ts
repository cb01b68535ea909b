/** The part of the run store's contract that keeps two pieces of work from writing one run. */
import { beforeEach, describe, expect, test } from "vitest";
import type { RunOwner } from "../../src/core/model/run-owner.ts";
import type { Change, OwnerToken, RunStore } from "../../src/core/ports/run-store.ts";
import { own } from "./owned.ts";
import { artefacts, created, owner, rival, sampleAttempt, sampleLease, sampleRun } from "./run-store.samples.ts";

const alive = () => true;
const dead = () => false;

/** `current` is the open store of the test that runs, `reopened` the same after closing and opening it again. */
export function runOwnershipContract(fixture: { current(): RunStore; reopened(): RunStore }): void {
  describe("ownership", () => {
    const executing: RunOwner = { ...owner, work: "execute" };
    const aggregating: RunOwner = { ...rival, work: "aggregate" };
    const token = (epoch: number): OwnerToken => ({ run_id: "run-1", epoch });
    const acquired = (epoch: number, before?: RunOwner) => ({ ok: true, value: { token: token(epoch), before } });
    const busy = (by: RunOwner) => ({
      ok: false,
      error: { code: "run_busy", message: expect.stringContaining(`process ${by.pid} on alpha`), owner: by },
    });
    const fenced = {
      ok: false,
      error: { code: "run_busy", message: "Run run-1 is being worked on elsewhere now." },
    };
    const everything: Change = {
      transition: "complete",
      run: { request: "late" },
      artefacts,
      discard: ["report"],
      attempt: sampleAttempt(),
      taken_up: [1],
      lease: sampleLease(),
      duration: { task_id: "basket", agent: "writer", category: "test", estimated_ms: 1, actual_ms: 1 },
      events: [created("late")],
    };
    const nothingIsWritten = (): void => {
      expect([store.artefact("run-1", "report"), store.artefact("run-1", "task_list")]).toEqual([undefined, undefined]);
      expect([store.attempts("run-1"), store.leases("run-1"), store.events("run-1", 0)]).toEqual([[], [], []]);
      expect(store.durations("/repositories/shop", 9)).toEqual([]);
    };

    let store: RunStore;

    beforeEach(() => {
      store = fixture.current();
      store.create(sampleRun(), {});
    });

    test("a free run is acquired, and the owner is remembered with its work", () => {
      expect(store.acquire("run-1", executing, dead)).toEqual(acquired(1));
      expect(fixture.reopened().run("run-1")).toEqual(sampleRun({ owner: executing, epoch: 1 }));
    });

    test("a run that is not there cannot be acquired", () => {
      expect(store.acquire("run-9", executing, dead)).toMatchObject({ ok: false, error: { code: "unknown_run" } });
    });

    test("a living owner keeps its run, and whoever asks is told who it is", () => {
      store.acquire("run-1", executing, alive);
      const asked: unknown[] = [];
      const answer = store.acquire("run-1", aggregating, (process) => {
        asked.push(process);
        return true;
      });
      expect(answer).toMatchObject(busy(executing));
      expect(asked).toEqual([executing]);
      expect(store.run("run-1")).toEqual(sampleRun({ owner: executing, epoch: 1 }));
    });

    test("the run of a dead owner is taken over with a higher epoch, and the new owner learns whose it was", () => {
      store.acquire("run-1", executing, alive);
      expect(store.acquire("run-1", aggregating, dead)).toEqual(acquired(2, executing));
      expect(store.run("run-1")).toEqual(sampleRun({ owner: aggregating, epoch: 2 }));
    });

    test.each(["plan", "amend", "execute", "aggregate", "cancel", "reap"] as const)(
      "the process that owns the run for other work is refused like any other when it asks to %s",
      (work) => {
        store.acquire("run-1", executing, alive);
        expect(store.acquire("run-1", { ...owner, work }, alive)).toMatchObject(busy(executing));
        expect(store.run("run-1")).toEqual(sampleRun({ owner: executing, epoch: 1 }));
      },
    );

    test.each(["host", "pid", "start_time", "boot_id"] as const)(
      "a process with another %s is not the owner",
      (key) => {
        store.acquire("run-1", executing, alive);
        const stranger = { ...executing, [key]: key === "pid" ? 7 : "other" };
        expect(store.acquire("run-1", stranger, alive)).toMatchObject(busy(executing));
      },
    );

    test("an owner of an earlier version, which names neither work nor lock, is kept and named as it is", () => {
      store.create(sampleRun({ run_id: "run-2", owner, epoch: 4 }), {});
      expect(store.acquire("run-2", executing, alive)).toMatchObject(busy(owner));
      expect(store.acquire("run-2", executing, dead)).toEqual({
        ok: true,
        value: { token: { run_id: "run-2", epoch: 5 }, before: owner },
      });
    });

    test("the owner's token lets a change through", () => {
      const mine = own(store);
      expect(store.apply(mine, { run: { request: "now" } })).toEqual({ ok: true, value: undefined });
      expect(store.run("run-1")).toEqual(sampleRun({ owner: executing, epoch: 1, request: "now", updated_at: 5_000 }));
    });

    test("no change is let through while nobody owns the run, whatever the token says", () => {
      for (const epoch of [0, 1]) expect(store.apply(token(epoch), everything)).toMatchObject(fenced);
      expect(store.run("run-1")).toEqual(sampleRun());
      nothingIsWritten();
    });

    test.each([
      ["another process", rival],
      ["the same process", owner],
    ])("a change of an earlier owner is refused and leaves nothing, once %s owns the run", (_, by) => {
      const late = own(store, "aggregate");
      const present = own(store, "aggregate", { by });
      expect(present.epoch).toBe(late.epoch + 1);
      expect(store.apply(late, everything)).toMatchObject(fenced);
      expect(store.run("run-1")).toEqual(sampleRun({ owner: { ...by, work: "aggregate" }, epoch: 2 }));
      nothingIsWritten();
      expect(store.apply(present, { events: [created("mine")] })).toMatchObject({ ok: true });
    });

    test("a token that nobody was given yet lets nothing through", () => {
      own(store);
      expect(store.apply(token(2), everything)).toMatchObject(fenced);
      nothingIsWritten();
    });

    test("the token of one run lets nothing through to another", () => {
      store.create(sampleRun({ run_id: "run-2" }), {});
      own(store);
      expect(store.apply({ run_id: "run-2", epoch: 1 }, everything)).toMatchObject({ error: { code: "run_busy" } });
      expect(store.run("run-2")).toEqual(sampleRun({ run_id: "run-2" }));
    });

    test("a run that is not there cannot be changed", () => {
      expect(
        store.apply({ run_id: "run-9", epoch: 0 }, { run: { request: "x" }, events: [created("x")] }),
      ).toMatchObject({
        ok: false,
        error: { code: "unknown_run", message: expect.stringContaining("run-9") },
      });
      expect(store.events("run-9", 0)).toEqual([]);
    });

    test.each(["release", "abandon"] as const)(
      "after %s the run has no owner, its former owner no longer writes it, and the next one is another",
      (end) => {
        const mine = own(store);
        store[end](mine);
        expect(store.run("run-1")).toEqual(sampleRun({ epoch: 1 }));
        expect(store.apply(mine, everything)).toMatchObject(fenced);
        nothingIsWritten();
        expect(store.acquire("run-1", aggregating, alive)).toEqual(acquired(2));
      },
    );

    test.each(["release", "abandon"] as const)("%s by an earlier owner does nothing", (end) => {
      const late = own(store);
      own(store, "aggregate", { by: rival });
      store[end](late);
      expect(store.run("run-1")).toEqual(sampleRun({ owner: aggregating, epoch: 2 }));
    });
  });
}
