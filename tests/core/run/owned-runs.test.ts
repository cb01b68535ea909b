/** Who works on a run in one process: turns, refusals, and a run that is given back however its work ends. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "../../../src/core/model/failure.ts";
import { err, ok } from "../../../src/core/model/result.ts";
import { RunStopped } from "../../../src/core/model/run-stopped.ts";
import { takeUp } from "../../../src/core/planning/take-up.ts";
import { OwnedRuns } from "../../../src/core/run/owned-runs.ts";
import type { Ownership } from "../../../src/core/run/take-run.ts";
import { Gate, plannedRig } from "./owned-run.ts";

const NO_EVENTS = "CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no room'); END";
const NO_RELEASE =
  "CREATE TRIGGER refuse BEFORE UPDATE OF owner ON run WHEN NEW.owner IS NULL BEGIN SELECT RAISE(ABORT, 'no room'); END";
const ALLOW = "DROP TRIGGER refuse";
const refusal = failure("wrong_phase", "not now", "later");
const noted = ({ session }: Ownership): void => session.record({ events: [{ type: "run_created", request: "noted" }] });
const executing = ({ session }: Ownership): void => session.record({ transition: "execute" });

describe("work that is over in moments", () => {
  test("has its turn after the work that came before it, each as an owner of its own", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    const gates = [new Gate(), new Gate(), new Gate()];
    const order: string[] = [];
    const epochs: number[] = [];
    const works = gates.map((gate, index) =>
      runs.withRun(runId, index === 1 ? "amend" : "plan", async ({ session }) => {
        order.push(`begins ${index}`);
        epochs.push(session.token.epoch);
        expect(run()).toMatchObject({ owner: { work: index === 1 ? "amend" : "plan" }, epoch: session.token.epoch });
        await gate.passed;
        order.push(`ends ${index}`);
        return ok(index);
      }),
    );
    for (const gate of gates.toReversed()) gate.open();
    expect(await Promise.all(works)).toEqual([ok(0), ok(1), ok(2)]);
    expect(order).toEqual(["begins 0", "ends 0", "begins 1", "ends 1", "begins 2", "ends 2"]);
    expect(epochs).toEqual([0, 1, 2].map((more) => (epochs[0] ?? 0) + more));
    expect(run().owner).toBeUndefined();
  });

  test("of one run does not wait for that of another", async () => {
    await using planned = await plannedRig();
    const { runs, runId, orchestrator, rig } = planned;
    const tasks = [{ id: "b", description: "Do b", files: ["b.txt"] }];
    const other = await orchestrator.decompose({ request: "Other", repo: rig.repository, work: { tasks } });
    const gate = new Gate();
    const first = runs.withRun(runId, "plan", async () => gate.passed.then(() => ok(1)));
    const otherId = other.ok ? other.value.run.run_id : "";
    expect(await runs.withRun(otherId, "plan", async () => ok(2))).toEqual(ok(2));
    gate.open();
    expect(await first).toEqual(ok(1));
  });

  test.each([
    ["returns a failure", async () => err(refusal), err(refusal)],
    ["stops because its record cannot be kept", async () => Promise.reject(new RunStopped(refusal)), err(refusal)],
  ] as const)("gives the run back when it %s", async (_, work, answer) => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    expect(await runs.withRun(runId, "plan", work)).toEqual(answer);
    expect(run().owner).toBeUndefined();
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test("gives the run back when it throws, and what it threw is not hidden", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    const bug = runs.withRun(runId, "plan", async () => Promise.reject(new Error("a bug")));
    await expect(bug).rejects.toThrow("a bug");
    expect(run().owner).toBeUndefined();
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test("on a run that is not there, or whose repository is not, leaves nobody as its owner", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, rig, ports } = planned;
    expect(await runs.withRun("run-9", "plan", async () => ok(1))).toMatchObject({ error: { code: "unknown_run" } });
    const broken = { ...ports, openRepository: async () => Promise.reject(new Error("no such disk")) };
    await expect(new OwnedRuns(broken, takeUp).withRun(runId, "plan", async () => ok(1))).rejects.toThrow(
      "no such disk",
    );
    expect(run().owner).toBeUndefined();
    rmSync(join(rig.repository, ".git"), { recursive: true });
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toMatchObject({ error: { code: "not_a_repository" } });
    expect(run().owner).toBeUndefined();
  });
});

describe("work in the background", () => {
  test.each([
    ["execute", "its tasks are being executed"],
    ["aggregate", "its results are being aggregated"],
  ] as const)("that is to %s refuses every other work with a sentence that says what to do", async (kind, doing) => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    const gate = new Gate<"idle">();
    expect(await runs.start(runId, kind, async () => ok(async () => gate.passed))).toEqual(ok(undefined));
    const busy = {
      code: "run_busy",
      message: `run ${runId} is being worked on: ${doing}`,
      hint: "wait for it with get_run, or end it with cancel_run",
    };
    for (const other of ["plan", "amend", "cancel", "reap"] as const) {
      expect(await runs.withRun(runId, other, async () => ok(1))).toEqual(err(busy));
    }
    for (const other of ["execute", "aggregate"] as const) {
      expect(await runs.start(runId, other, async () => err(refusal))).toEqual(err(busy));
    }
    expect([runs.isLive(runId), run().owner?.work]).toEqual([true, kind]);
    gate.open("idle");
    await runs.wait(runId, 60_000);
    expect([runs.isLive(runId), run().owner]).toEqual([false, undefined]);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test("whose store refuses the first change is not begun, and this process does not stay the owner", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, tamper } = planned;
    tamper(NO_EVENTS);
    const started = runs.start(runId, "execute", async (ownership) => {
      noted(ownership);
      return ok(async () => "idle");
    });
    expect(await started).toMatchObject({ error: { code: "storage_failed" } });
    expect([runs.isLive(runId), run().owner, run().state]).toEqual([false, undefined, "open"]);
    tamper(ALLOW);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test.each([
    ["returns a failure", async () => err(refusal), err(refusal)],
    ["stops because its record cannot be kept", async () => Promise.reject(new RunStopped(refusal)), err(refusal)],
  ] as const)("is given back when what prepares it %s", async (_, prepare, answer) => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    expect(await runs.start(runId, "execute", prepare)).toEqual(answer);
    expect([runs.isLive(runId), run().owner]).toEqual([false, undefined]);
  });

  test("is given back when what prepares it throws", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    const bug = runs.start(runId, "execute", async () => Promise.reject(new Error("a bug")));
    await expect(bug).rejects.toThrow("a bug");
    expect([runs.isLive(runId), run().owner]).toEqual([false, undefined]);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test("that throws leaves the run interrupted, with the reason on record, and owned by nobody", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, ports } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => Promise.reject(new Error("a bug")));
    });
    await runs.wait(runId, 60_000);
    expect(run()).toMatchObject({ state: "interrupted", error: { code: "internal_error", message: "a bug" } });
    expect([run().owner, runs.failureOf(runId)]).toEqual([undefined, undefined]);
    const last = ports.store.events(runId, 0).at(-1);
    expect(last).toMatchObject({ type: "run_finished", state: "interrupted", summary: "a bug" });
  });

  test("whose end cannot be put on record tells this process why, and is owned by nobody", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, tamper } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async () => {
        tamper(NO_EVENTS);
        noted(ownership);
        return "idle";
      });
    });
    await runs.wait(runId, 60_000);
    expect(runs.failureOf(runId)).toMatchObject({
      code: "storage_failed",
      message: expect.stringContaining("no room"),
    });
    expect([run().state, run().owner]).toEqual(["executing", undefined]);
    tamper(ALLOW);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
  });

  test("that a store no longer takes back is taken over by the next work of the same process", async () => {
    await using planned = await plannedRig();
    const { runs, runId, run, tamper, ports } = planned;
    tamper(NO_RELEASE);
    await runs.start(runId, "execute", async () => ok(async () => "idle"));
    await runs.wait(runId, 60_000);
    expect(run().owner).toEqual({ ...ports.owners.self(), work: "execute" });
    tamper(ALLOW);
    expect(await runs.withRun(runId, "plan", async () => ok(1))).toEqual(ok(1));
    expect(run().owner).toBeUndefined();
  });

  test.each([
    ["cancelled", "cancelled"],
    ["interrupted", "interrupted"],
  ] as const)("is told to stop because it is %s, and ends so", async (reason, state) => {
    await using planned = await plannedRig();
    const { runs, runId, run } = planned;
    await runs.start(runId, "execute", async (ownership) => {
      executing(ownership);
      return ok(async (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve("idle"))));
    });
    runs.stop(runId, reason);
    await runs.wait(runId, 60_000);
    expect([run().state, run().owner]).toEqual([state, undefined]);
  });
});
