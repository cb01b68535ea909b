/** Execution without barriers: a task starts as soon as what it needs has ended, and the result is the same whatever the timing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold, write } from "../rig/steps.ts";

/** What every undisturbed run of TASKS under SCRIPT leaves. */
const FINAL = { "b.txt": "b\nb\n", "c.txt": "c\nc\n", "d.txt": "d\n", "e.txt": "e\n", "slow.txt": "slow\nd\n" };

function contentsOf(rig: Rig, commit: string): Record<string, string | undefined> {
  const paths = rig.git("diff", "--name-only", "main", commit).trim().split("\n");
  return Object.fromEntries(paths.map((path) => [path, rig.show(commit, path)]));
}

const TASKS = [
  { id: "slow", files: ["slow.txt"] },
  { id: "b", files: ["b.txt"] },
  { id: "c", files: ["c.txt"], depends_on: ["b"] },
  { id: "d", files: ["slow.txt", "d.txt"] },
  { id: "e", files: ["e.txt"], depends_on: ["c", "slow"] },
];
const SCRIPT = {
  slow: [hold, write("slow.txt", "slow\n")],
  b: [hold, append("b.txt", "b\n")],
  c: [hold, append("c.txt", "c\n")],
  d: [hold, append("slow.txt", "d\n"), write("d.txt", "d\n")],
  e: [hold, write("e.txt", "e\n")],
};
const STREAM = ["--mode", "streaming"];

/** Lets agents go on in the order given, each as soon as it is held. */
async function releaseInOrder(rig: Rig, ...order: [string, number][]): Promise<void> {
  for (const [task, attempt] of order) (await rig.control.held(task, attempt)).release();
}

const first = (...tasks: string[]): [string, number][] => tasks.map((task) => [task, 1]);

describe("mode streaming", () => {
  test("starts c when b has ended, while slow still runs, and c's workspace holds what it needs and nothing else", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const run = rig.startRun(rig.tasks(...TASKS), ...STREAM);
    const slow = await rig.control.held("slow");
    (await rig.control.held("b")).release();
    const c = await rig.control.held("c");
    expect(rig.control.waiting).toEqual(["c", "slow"]);
    expect(readFileSync(join(c.directory, "b.txt"), "utf8")).toBe("b\nb\n");
    slow.release();
    const d = await rig.control.held("d");
    expect(readFileSync(join(d.directory, "slow.txt"), "utf8")).toBe("slow\n");
    expect(readFileSync(join(d.directory, "b.txt"), "utf8")).toBe("b\n");
    c.release();
    const e = await rig.control.held("e");
    expect([existsSync(join(e.directory, "slow.txt")), existsSync(join(e.directory, "d.txt"))]).toEqual([true, false]);
    d.release();
    e.release();
    const { code, report } = await run.done;
    expect(code).toBe(0);
    expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 5, batches_executed: 1 });
    expect(rig.show(report.commit, "slow.txt")).toBe("slow\nd\n");
  });

  seldom(
    "gives the same tree and the same history in whatever order the tasks end",
    async () => {
      await using rig = await Rig.create();
      rig.script(SCRIPT);
      const tasks = rig.tasks(...TASKS);
      const subjects = new Set<string>();
      for (const order of [first("slow", "b", "d", "c", "e"), first("b", "c", "slow", "e", "d")]) {
        const run = rig.startRun(tasks, ...STREAM);
        await releaseInOrder(rig, ...order);
        const { report } = await run.done;
        expect(contentsOf(rig, report.commit)).toEqual(FINAL);
        subjects.add(rig.git("log", "--format=%s", `${report.commit}~5..${report.commit}`));
      }
      expect(subjects.size).toBe(1);
    },
    180_000,
  );

  test.each(
    few(1, [
      ["when a later task is merged before an earlier one", first("b", "c"), ["slow"], ["slow", "d", "e"]],
      ["while the first ones run", first("b"), ["slow", "c"], ["slow", "c", "d", "e"]],
      ["near the end", first("b", "slow", "c", "d"), ["e"], ["e"]],
    ] as const),
  )(
    "killed -9 %s, it resumes to what an undisturbed run leaves",
    async (_, before, running, after) => {
      await using rig = await Rig.create();
      rig.script(SCRIPT);
      const tasks = rig.tasks(...TASKS);
      const run = rig.startRun(tasks, ...STREAM);
      const runId = await run.runId();
      await releaseInOrder(rig, ...before);
      await run.says(new RegExp(`${before.at(-1)?.[0]} success`));
      await rig.control.all(...running);
      run.kill("SIGKILL");
      await run.done;
      const resume = rig.start(["resume", runId, "--json", "--config", rig.configFile]);
      for (const id of after) {
        for (const attempt of [1, 2]) void rig.control.held(id, attempt).then((agent) => agent.release());
      }
      const { code, report } = await resume.done;
      expect(code).toBe(0);
      expect(contentsOf(rig, report.commit)).toEqual(FINAL);
      rig.expectNothingLeft();
    },
    180_000,
  );

  test("takes up an added task at once, while every slot but one is held", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, late: [hold, write("late.txt", "late\n")] });
    const run = rig.startRun(rig.tasks({ id: "slow", files: ["slow.txt"] }), ...STREAM);
    const runId = await run.runId();
    const slow = await rig.control.held("slow");
    const late = { id: "late", description: "Be late", files: ["late.txt"] };
    const after = {
      id: "after",
      description: "Come after",
      files: ["slow.txt"],
      depends_on: ["slow"],
      allow_empty: true,
    };
    const more = rig.file("more.yaml", JSON.stringify({ tasks: [late, after] }));
    const added = await rig.cli(["add", runId, "--tasks", more, "--config", rig.configFile]);
    expect(added.code).toBe(0);
    (await rig.control.held("late")).release();
    slow.release();
    const { code, report } = await run.done;
    expect(code).toBe(0);
    expect(report.tasks.map((task) => [task.task_id, task.status])).toEqual(
      ["slow", "late", "after"].map((id) => [id, "success"]),
    );
  });

  test("a task that fails takes with it what needs it, and what only shares a file with it goes on without", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, slow: [exit(1)], b: [append("b.txt", "b\n")], c: [append("c.txt", "c\n")] });
    const run = rig.startRun(rig.tasks(...TASKS), ...STREAM);
    (await rig.control.held("d")).release();
    const { code, report, stderr } = await run.done;
    expect(code).toBe(1);
    expect(Object.fromEntries(report.tasks.map((task) => [task.task_id, task.status]))).toEqual({
      ...{ slow: "failed", b: "success", c: "success", d: "success", e: "skipped" },
    });
    expect(rig.show(report.commit, "slow.txt")).toBe("d\n");
    expect(stderr).toContain("planned anew: slow failed");
  });

  seldom("pauses between tasks and goes on to the same tree", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const tasks = rig.tasks(...TASKS);
    const run = rig.startRun(tasks, ...STREAM);
    const runId = await run.runId();
    const [slow, b] = await rig.control.all("slow", "b");
    expect((await rig.cli(["pause", runId])).code).toBe(0);
    b?.release();
    slow?.release();
    expect((await run.done).code).toBe(130);
    expect(rig.startedAgents.sort()).toEqual(["b 1", "slow 1"]);
    const resumed = rig.start(["resume", runId, "--json", "--config", rig.configFile]);
    for (const id of ["c", "d", "e"]) void rig.control.held(id).then((agent) => agent.release());
    const { code, report } = await resumed.done;
    expect(code).toBe(0);
    expect(contentsOf(rig, report.commit)).toEqual(FINAL);
  });
});
