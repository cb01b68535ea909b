/** A run that is stopped: by Ctrl-C, by another process, by `kill -9` at exact points; and what resume makes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { HELD, Rig } from "../rig/rig.ts";
import { append, endAtTerm, hold, type Step } from "../rig/steps.ts";

const TASKS = [{ id: "a" }, { id: "b" }, { id: "c", depends_on: ["a", "b"] }];
const SCRIPT = { a: [hold, append("a.txt", "a\n")], b: [append("b.txt", "b\n")], c: [hold, append("c.txt", "c\n")] };

/** Lets every held agent go on, whoever it is, until `done` has settled. */
async function releaseAll<T>(rig: Rig, done: Promise<T>, names: [string, number][]): Promise<T> {
  for (const [name, attempt] of names) void rig.control.held(name, attempt).then((agent) => agent.release());
  return done;
}

/** An agent that is stopped is asked to end before it is killed, behind the sandbox too: it could write its last words. */
function expectLastWords(rig: Rig, runId: string): void {
  expect(readFileSync(join(rig.folder, "ended-a-1.log"), "utf8")).toBe("asked to end\n");
  expect(readFileSync(join(rig.home, "logs", runId, "a", "1.log"), "utf8")).toBe("flushed what it had\n");
}

const treeOf = (rig: Rig, commit: string): string => rig.git("rev-parse", `${commit}^{tree}`).trim();

describe("Ctrl-C", () => {
  seldom("ends the agents, keeps the state, exits 130, and resume finishes the run", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, a: [[endAtTerm, ...SCRIPT.a], SCRIPT.a] });
    const run = rig.startRun(rig.tasks(...TASKS));
    const runId = await run.runId();
    await run.says(/b success/);
    await rig.control.held("a");
    run.kill("SIGINT");
    const stopped = await run.done;
    expect(stopped.code).toBe(130);
    expect(stopped.failure).toMatchObject({ code: "interrupted", hint: expect.stringContaining(`resume ${runId}`) });
    expectLastWords(rig, runId);
    rig.expectNothingLeft();
    const resumed = await releaseAll(rig, rig.resume(runId), [
      ["a", 2],
      ["c", 1],
    ]);
    expect(resumed.code).toBe(0);
    expect(resumed.report).toMatchObject({ final_status: "success", tasks_succeeded: 3 });
    expect(rig.startedAgents).toEqual(["a 1", "b 1", "a 2", "c 1"].sort(byArrival(rig)));
    expect(rig.show(resumed.report.commit, "a.txt")).toBe("a\na\n");
  });
});

/** Order in which agents of one batch start is no promise: sort expectations as it happened. */
function byArrival(rig: Rig): (a: string, b: string) => number {
  return (a, b) => rig.startedAgents.indexOf(a) - rig.startedAgents.indexOf(b);
}

describe("cancel from another process", () => {
  test("ends the run for good and keeps what was done", async () => {
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    rig.script({ ...SCRIPT, a: [endAtTerm, ...SCRIPT.a] });
    const run = rig.startRun(rig.tasks(...TASKS));
    const runId = await run.runId();
    await run.says(/b success/);
    await rig.control.held("a");
    const asked = await rig.cli(["cancel", runId, "--reason", "not needed"]);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining(runId) });
    const stopped = await run.done;
    expect(stopped.code).toBe(1);
    expect(stopped.failure.message).toContain("cancelled");
    expectLastWords(rig, runId);
    rig.expectNothingLeft();
    expect(rig.ownRefs()).toContain(`refs/forkjoin/${runId}/attempts/b/1`);
    const again = await rig.resume(runId);
    expect(again).toMatchObject({ code: 2, failure: { code: "wrong_phase" } });
  });

  seldom("cleans up after a run whose process was killed", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const run = rig.startRun(rig.tasks(...TASKS));
    const runId = await run.runId();
    await rig.control.held("a");
    run.kill("SIGKILL");
    await run.done;
    expect(rig.workspaces()).toEqual([runId]);
    expect((await rig.cli(["cancel", runId])).code).toBe(0);
    rig.expectNothingLeft();
    const status = await rig.cli(["status", "--json"]);
    expect(status.json).toMatchObject({ runs: [{ run_id: runId, state: "cancelled" }] });
  });
});

interface Point {
  /** the run has got here when this resolves */
  reached(rig: Rig, says: (pattern: RegExp) => Promise<string>): Promise<unknown>;
  /** who will be held after the resume, by attempt */
  heldLater: [string, number][];
}

const POINTS: [string, Point][] = [
  [
    "while an agent of batch 1 works and another has ended",
    {
      async reached(rig, says) {
        await says(/b success/);
        return rig.control.held("a");
      },
      heldLater: [
        ["a", 2],
        ["c", 1],
      ],
    },
  ],
  [
    "while an agent of batch 2 works",
    {
      async reached(rig) {
        (await rig.control.held("a")).release();
        return rig.control.held("c");
      },
      heldLater: [["c", 2]],
    },
  ],
  [
    "during validation",
    {
      async reached(rig) {
        (await rig.control.held("a")).release();
        (await rig.control.held("c")).release();
        return rig.control.held(HELD);
      },
      heldLater: [],
    },
  ],
];

describe("kill -9 of the command line", () => {
  test.each(few(1, POINTS))(
    "%s: resume reaches the tree of an undisturbed run and leaves nothing behind",
    async (_, point) => {
      await using rig = await Rig.create();
      rig.configure({ sandbox: "off", checks: { held: { command: rig.heldCommand } }, validate: ["held"] });
      rig.script(SCRIPT);
      const tasks = rig.tasks(...TASKS);
      const calm = await releaseAll(rig, rig.run(tasks), [
        ["a", 1],
        ["c", 1],
        [HELD, 1],
      ]);
      expect(calm.code).toBe(0);

      const run = rig.startRun(tasks);
      const runId = await run.runId();
      await point.reached(rig, (pattern) => run.says(pattern));
      run.kill("SIGKILL");
      await run.done;
      expect(rig.processes()).not.toEqual([]);

      const resume = rig.start(["resume", runId, "--json", "--config", rig.configFile]);
      await resume.says(/run goes on|check held started/);
      const resumed = await releaseAll(rig, resume.done, [...point.heldLater, [HELD, 1]]);
      expect(resumed.code).toBe(0);
      expect(treeOf(rig, resumed.report.commit)).toBe(treeOf(rig, calm.report.commit));
      expect(resumed.report).toMatchObject({ branch: `forkjoin/${runId}`, tasks_succeeded: 3 });
      rig.expectNothingLeft();
      const status = await rig.cli(["status", runId, "--json"]);
      expect(status.json).toMatchObject({ state: "complete", progress: { done: 3, running: [], waiting: [] } });
    },
  );

  seldom("between batches, in the setup of the next task's workspace: nothing of it is left", async () => {
    await using rig = await Rig.create();
    rig.configure({ sandbox: "off", setup: [rig.heldCommand] });
    rig.script({ a: [append("a.txt", "a\n")], c: [append("c.txt", "c\n")] });
    const tasks = rig.tasks({ id: "a" }, { id: "c", depends_on: ["a"] });
    const run = rig.startRun(tasks);
    const runId = await run.runId();
    (await rig.control.held(HELD)).release();
    await run.says(/sync point after batch 1/);
    const held = await rig.control.held(HELD);
    run.kill("SIGKILL");
    await run.done;
    const resume = rig.start(["resume", runId, "--json", "--config", rig.configFile]);
    await resume.says(/run goes on/);
    expect(rig.processes().map((line) => Number(line.split(" ")[0]))).not.toContain(held.pid);
    (await rig.control.held(HELD)).release();
    const { code, report } = await resume.done;
    expect(code).toBe(0);
    expect(rig.startedAgents.filter((line) => !line.startsWith(HELD))).toEqual(["a 1", "c 2"]);
    expect(rig.show(report.commit, "c.txt")).toBe("c\nc\n");
    rig.expectNothingLeft();
  });

  seldom("lets one process resume and tells a second one that the run is busy", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const run = rig.startRun(rig.tasks(...TASKS));
    const runId = await run.runId();
    await rig.control.held("a");
    run.kill("SIGKILL");
    await run.done;
    const first = rig.resume(runId);
    const held = await rig.control.held("a", 2);
    const second = await rig.resume(runId);
    expect(second).toMatchObject({ code: 2, failure: { code: "run_busy" } });
    held.release();
    expect((await releaseAll(rig, first, [["c", 1]])).code).toBe(0);
  });

  seldom("does not use up the task's retries", async () => {
    await using rig = await Rig.create();
    const fail: Step[] = [{ do: "exit", code: 1 }];
    rig.script({ a: [[hold], fail, fail, [append("a.txt", "x\n")]] });
    const run = rig.startRun(rig.tasks({ id: "a" }));
    const runId = await run.runId();
    await rig.control.held("a");
    run.kill("SIGKILL");
    await run.done;
    const { code, report } = await rig.resume(runId);
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 4 });
  });
});
