/** A whole run by real processes: tasks side by side, chains from merged state, one tested branch, an untouched checkout. */
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold, write } from "../rig/steps.ts";

const TESTED = { checks: { test: { command: ["grep", "-q", "done", "a.txt"] } }, validate: ["test"] };

describe("a run that succeeds", () => {
  test("leaves one tested branch with a commit per task whose trailers name run and task", async () => {
    await using rig = await Rig.create({ config: TESTED });
    rig.script({ a: [append("a.txt", "done\n")], b: [append("b.txt", "done\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }));
    expect(code).toBe(0);
    expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 2, branch: `forkjoin/${report.run_id}` });
    expect(report.validation).toMatchObject({ passed: true, checks: [{ check: "test", passed: true }] });
    expect(report.loss).toEqual({ hunks: 2, accounted: 2, dropped: [] });
    const log = rig.git("log", "--format=%s|%(trailers:only,unfold,separator=%x2C)", `main..${report.branch}`);
    expect(log.trim().split("\n")).toEqual([
      `Do b|Forkjoin-Run: ${report.run_id},Forkjoin-Task: b`,
      `Do a|Forkjoin-Run: ${report.run_id},Forkjoin-Task: a`,
    ]);
    expect(rig.show(`forkjoin/${report.run_id}`, "a.txt")).toBe("a\ndone\n");
    rig.expectNothingLeft();
  });

  test("has all agents of a batch at work at once, and never more than max_parallel", async () => {
    await using rig = await Rig.create();
    const ids = ["a", "b", "c", "d", "e"];
    rig.script(Object.fromEntries(ids.map((id) => [id, [hold, write(`${id}.txt`, "new\n")]])));
    const run = rig.startRun(rig.tasks(...ids.map((id) => ({ id }))), "--max-parallel", "3");
    const first = await rig.control.all("a", "b", "c");
    expect(rig.control.waiting).toEqual(["a", "b", "c"]);
    for (const agent of first) agent.release();
    for (const agent of await rig.control.all("d", "e")) agent.release();
    const { code, report } = await run.done;
    expect(code).toBe(0);
    expect(report).toMatchObject({ batches_executed: 2, tasks_succeeded: 5 });
    expect(rig.control.peak).toBe(3);
  });

  test("starts a task from the merged state of what it depends on", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [write("a.txt", "from a\n")], c: [hold] });
    const run = rig.startRun(
      rig.tasks({ id: "a" }, { id: "b", allow_empty: true }, { id: "c", depends_on: ["a"], files: ["a.txt"] }),
    );
    const held = await rig.control.held("c");
    expect(rig.startedAgents).toContain("a 1");
    held.release(append("a.txt", "from c\n"));
    const { report } = await run.done;
    expect(rig.show(report.commit, "a.txt")).toBe("from a\nfrom c\n");
  });

  test("skips only the dependents of a failed task", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [exit(1)], b: [append("b.txt", "b\n")], c: [append("c.txt", "c\n")] });
    const tasks = rig.tasks(
      { id: "a" },
      { id: "b" },
      { id: "c", depends_on: ["b"] },
      { id: "d", depends_on: ["a"] },
      { id: "e", depends_on: ["d"] },
    );
    const { code, report } = await rig.run(tasks);
    expect(code).toBe(1);
    const statuses = Object.fromEntries(report.tasks.map((task) => [task.task_id, task.status]));
    expect(statuses).toEqual({ a: "failed", b: "success", c: "success", d: "skipped", e: "skipped" });
    expect(report.tasks.find((task) => task.task_id === "e")?.error?.message).toContain("a");
    expect(report).toMatchObject({ final_status: "partial", tasks_failed: 1, tasks_skipped: 2 });
    expect(rig.show(`forkjoin/${report.run_id}`, "c.txt")).toBe("c\nc\n");
    expect(rig.startedAgents).toEqual(expect.not.arrayContaining(["d 1", "e 1"]));
  });

  seldom("works on two runs in one repository at once", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, write("a.txt", "one\n")], b: [hold, write("b.txt", "two\n")] });
    const runs = [
      rig.startRun(rig.tasks({ id: "a" })),
      rig.startRun(rig.file("other.yaml", "id: b\ndescription: B\nfiles: [b.txt]")),
    ];
    for (const agent of await rig.control.all("a", "b")) agent.release();
    const [one, two] = await Promise.all(runs.map((run) => run.done));
    expect([one?.code, two?.code]).toEqual([0, 0]);
    expect(rig.show(one?.report.branch ?? "", "a.txt")).toBe("one\n");
    expect(rig.show(two?.report.branch ?? "", "a.txt")).toBe("a\n");
    expect(rig.show(two?.report.branch ?? "", "b.txt")).toBe("two\n");
    rig.expectNothingLeft();
  });

  test("says that nothing was proven where no check is configured", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.validation.passed).toBeNull();
    expect(report.summary).toContain("untested");
  });
});

describe("a combined state that fails its checks", () => {
  test("makes no branch, reports failed, and shows what the check said", async () => {
    const fails = { command: ["sh", "-c", "echo the sum is wrong; exit 1"] };
    await using rig = await Rig.create({ config: { checks: { test: fails }, validate: ["test"] } });
    rig.script({ a: [append("a.txt", "x\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "failed", branch: null, validation: { passed: false } });
    expect(report.validation.checks[0]?.output).toContain("the sum is wrong");
    expect(rig.ownRefs().filter((ref) => ref.startsWith("refs/heads/"))).toEqual([]);
    rig.expectNothingLeft();
  });
});
