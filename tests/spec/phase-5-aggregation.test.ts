/** PHASE 5 of the specification, clause by clause, and its success criteria, over real processes and a real repository. */
import { describe, expect, test } from "vitest";
import { Report } from "../../src/core/model/report.ts";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, write } from "../rig/steps.ts";

const BOTH = [
  { id: "a", files: ["a.txt"] },
  { id: "b", files: ["a.txt"] },
];
const CLASH = { a: [write("a.txt", "A\n")], b: [write("a.txt", "B\n")] };
const optimistic = { config: { same_file: "optimistic" } };

describe("PHASE 5: Result Aggregation", () => {
  test("5.1. Collect All Results: outputs of all agents, in plan order, whoever finished first", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")], c: [append("c.txt", "x\n")] });
    const { report } = await rig.run(rig.tasks({ id: "c" }, { id: "a" }, { id: "b" }));
    expect(report.tasks.map((task) => task.task_id)).toEqual(["c", "a", "b"]);
    const order = rig.git("log", "--reverse", "--format=%s", `main..${report.commit}`).trim().split("\n");
    expect(order).toEqual(["Do c", "Do a", "Do b"]);
  });

  test("5.1. Verify all expected outputs present: a missing one fails its task", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [write("one.txt", "1\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a", files: ["one.txt", "two.txt"], category: "creation" }));
    expect(report.tasks[0]?.error).toMatchObject({ code: "missing_output", message: "did not create two.txt" });
  });

  test.each(
    few(2, [
      ["first_wins: Keep first agent's changes", "first_wins", 0, "A\n"],
      ["last_wins: Keep last agent's changes", "last_wins", 0, "B\n"],
      ["manual: Flag for human review", "manual", 3, "A\n"],
      ["smart_merge: Git-style merge attempt", "smart_merge", 3, "A\n"],
    ]),
  )("5.2. Apply merge strategy: %s", async (_, strategy, code, content) => {
    await using rig = await Rig.create(optimistic);
    rig.script(CLASH);
    const answer = await rig.run(rig.tasks(...BOTH), "--strategy", strategy);
    expect(answer.code).toBe(code);
    expect(rig.show(answer.report.commit, "a.txt")).toBe(content);
  });

  test("conflict_resolution first_wins_with_merge is what happens when nothing is said", async () => {
    await using rig = await Rig.create(optimistic);
    rig.script(CLASH);
    const { code, report } = await rig.run(rig.tasks(...BOTH));
    expect(code).toBe(3);
    expect(report).toMatchObject({ final_status: "partial", conflicts_open: ["b:a.txt"] });
  });

  test("File-Level Conflicts: two tasks that modify the same file are executed sequentially", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "A\n")], b: [append("a.txt", "B\n")] });
    const { code, report } = await rig.run(rig.tasks(...BOTH));
    expect(code).toBe(0);
    expect(report).toMatchObject({ batches_executed: 2, conflicts_resolved: 0 });
    expect(rig.show(report.commit, "a.txt")).toBe("a\nA\nB\n");
  });

  test("5.3. Validate Combined State: run all tests and all validators, on all changes together", async () => {
    const has = (path: string): unknown => ({ command: ["grep", "-q", "x", path] });
    await using rig = await Rig.create({
      config: { checks: { a: has("a.txt"), b: has("b.txt") }, validate: ["a", "b"] },
    });
    rig.script({ a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }));
    expect(report.validation.checks.map(({ check, passed }) => [check, passed])).toEqual([
      ["a", true],
      ["b", true],
    ]);
  });

  test("5.4. Generate Aggregate Report: every field of ##report", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")], b: [exit(1)] });
    const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }, { id: "c", depends_on: ["b"] }));
    expect(Report.parse(report)).toMatchObject({
      workflow: "parallel_orchestration",
      tasks_total: 3,
      tasks_succeeded: 1,
      tasks_failed: 1,
      tasks_skipped: 1,
      parallel_efficiency: expect.any(Number),
      batches_executed: 1,
      conflicts_resolved: 0,
      final_status: "partial",
    });
  });

  test("parallel_efficiency is work done by wall time", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    const { work_ms, wall_ms } = report.timings;
    expect(report.parallel_efficiency).toBe(Math.round((work_ms / wall_ms) * 100) / 100);
  });
});

describe("Workflow Fails When", () => {
  seldom("Critical task fails (no retry success)", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [exit(1)], b: [append("b.txt", "x\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", critical: true }, { id: "b" }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "failed", branch: null });
  });

  seldom("Combined state breaks tests: what breaks them is left out and named, and the run is no success", async () => {
    const apart = { command: ["sh", "-c", "! { grep -q x a.txt && grep -q x b.txt; }"] };
    await using rig = await Rig.create({ config: { checks: { apart }, validate: ["apart"] } });
    rig.script({ a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")] });
    const checks = ["apart"];
    const { code, report } = await rig.run(rig.tasks({ id: "a", checks }, { id: "b", checks }));
    expect(code).toBe(1);
    expect(report).toMatchObject({
      tasks_succeeded: 1,
      final_status: "partial",
      validation: { passed: true, culprits: [{ task_id: "b", with: ["a"], check: "apart" }] },
    });
  });

  seldom("Combined state breaks tests that failed before any task began: nothing lands", async () => {
    await using rig = await Rig.create({ config: { checks: { no: { command: ["false"] } }, validate: ["no"] } });
    rig.script({ a: [append("a.txt", "x\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "failed", branch: null, validation: { passed: false } });
  });
});
