/** What others leave and do while a run is being given back or is owned elsewhere: nothing is lost, and nobody is locked out. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ok } from "../../../src/core/model/result.ts";
import { takeUp } from "../../../src/core/planning/take-up.ts";
import { OwnedRuns } from "../../../src/core/run/owned-runs.ts";
import type { Ownership } from "../../../src/core/run/take-run.ts";
import { OwnerProcess } from "../../adapters/run-store/owner-process.ts";
import { Gate, plannedRig } from "./owned-run.ts";

const executing = ({ session }: Ownership): void => session.record({ transition: "execute" });

describe("what is left while the owner is leaving", () => {
  const added = { type: "add_tasks" as const, tasks: [] };

  test("is taken up before the run is given back", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, ports } = planned;
    const list = ports.store.artefact(runId, "task_list");
    const tasks = (list?.tasks ?? []).map((task) => ({ ...task, id: "b", files: ["b.txt"] }));
    const seen: string[] = [];
    const watching = new OwnedRuns(ports, async (ownership) => {
      seen.push(run().owner?.work ?? "nobody");
      await takeUp(ownership);
    });
    await watching.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => {
        ports.store.leave(runId, { type: "amendment", amendment: { type: "add_tasks", tasks } });
        return "idle";
      });
    });
    await watching.wait(runId, 60_000);
    expect(seen).toEqual(["execute"]);
    expect(ports.store.artefact(runId, "task_list")?.tasks.map(({ id }) => id)).toEqual(["a", "b"]);
    expect([ports.store.amendments(runId), run().owner, run().state]).toEqual([[], undefined, "open"]);
    expect(runs.isLive(runId)).toBe(false);
  });

  test("is waited for by other work, which is not refused any more", async () => {
    const [arrived, gate] = [new Gate(), new Gate()];
    await using planned = await plannedRig({
      takeUp: async (ownership) => {
        arrived.open();
        await gate.passed;
        await takeUp(ownership);
      },
    });
    const { runs, runId, ports } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => {
        ports.store.leave(runId, { type: "amendment", amendment: added });
        return "idle";
      });
    });
    await arrived.passed;
    const begun: string[] = [];
    const next = runs.withRun(runId, "plan", async () => ok(begun.push("plan")));
    expect([begun, runs.isLive(runId)]).toEqual([[], true]);
    gate.open();
    expect(await next).toEqual(ok(1));
  });

  test("ends the run where it is a request to cancel", async () => {
    let cancels = 0;
    await using planned = await plannedRig({
      takeUp: async (ownership) => {
        await takeUp(ownership);
        cancels += 1;
        if (cancels === 1) ownership.ports.store.leave(ownership.session.run.run_id, { type: "cancel" });
      },
    });
    const { runs, runId, run, ports } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => {
        ports.store.leave(runId, { type: "amendment", amendment: added });
        return "idle";
      });
    });
    await runs.wait(runId, 60_000);
    expect([run().state, run().owner]).toEqual(["cancelled", undefined]);
    expect(ports.store.events(runId, 0).at(-1)).toMatchObject({ type: "run_finished", state: "cancelled" });
  });

  test("stays for the next owner where it cannot be taken up", async () => {
    await using planned = await plannedRig({ takeUp: async () => Promise.reject(new Error("a bug")) });
    const { runs, runId, run, ports } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => {
        ports.store.leave(runId, { type: "amendment", amendment: added });
        return "idle";
      });
    });
    await runs.wait(runId, 60_000);
    expect([run().owner, ports.store.amendments(runId)]).toMatchObject([undefined, [added]]);
  });
});

describe("a request to cancel", () => {
  test("from another process reaches the work, though the store could not be read for a moment", async () => {
    await using planned = await plannedRig();
    const { runId, run, ports } = planned;
    let unreadable = 0;
    const failing = new Gate();
    const store = {
      ...ports.store,
      run: (id: string) => {
        if (unreadable === 0) return ports.store.run(id);
        unreadable -= 1;
        if (unreadable === 0) failing.open();
        throw new Error("database is locked");
      },
    };
    const runs = new OwnedRuns({ ...ports, store }, takeUp);
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async (signal) => {
        unreadable = 2;
        await failing.passed;
        ports.store.leave(runId, { type: "cancel" });
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve("idle")));
      });
    });
    await runs.wait(runId, 60_000);
    expect([run().state, run().owner, runs.failureOf(runId)]).toEqual(["cancelled", undefined, undefined]);
  });
});

describe("a run that another process owns", () => {
  test("for work in the background is refused while that process lives, and taken over once it is dead", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, ports, rig } = planned;
    const other = new OwnerProcess(join(rig.home, "owners"));
    const owner = { ...(await other.self()), work: "execute" as const };
    ports.store.acquire(runId, owner, () => false);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toMatchObject({
      error: { code: "run_busy", owner, message: expect.stringContaining(`process ${owner.pid}`) },
    });
    await other.kill();
    expect(await runs.withRun(runId, "plan", async () => ok(run().owner?.work))).toEqual(ok("plan"));
    expect(run().owner).toBeUndefined();
  });

  test("for work of moments is waited for", async () => {
    await using planned = await plannedRig();
    const { runId, ports, rig } = planned;
    const other = new OwnerProcess(join(rig.home, "owners"));
    const owner = { ...(await other.self()), work: "plan" as const };
    const acquired = ports.store.acquire(runId, owner, () => false);
    const looked = new Gate();
    const pausing: typeof ports = { ...ports, sleep: async () => looked.open() };
    const next = new OwnedRuns(pausing, takeUp).withRun(runId, "amend", async () => ok(1));
    await looked.passed;
    if (acquired.ok) ports.store.abandon(acquired.value.token);
    expect(await next).toEqual(ok(1));
    await other.kill();
  });

  test("on another machine is refused with the word that takes it over", async () => {
    await using planned = await plannedRig();
    const { runs, runId, ports } = planned;
    const owner = { host: "not-here", pid: 1, start_time: "1", boot_id: "another", lock: "1-0.lock" };
    ports.store.acquire(runId, { ...owner, work: "plan" }, () => false);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toMatchObject({
      error: { code: "run_busy", owner: { host: "not-here" }, hint: expect.stringContaining("--take-over") },
    });
  });
});
