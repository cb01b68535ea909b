/** Failed attempts: at most two retries, each from a clean workspace and told why; what ends a task and what ends a run. */
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, print, remove, write } from "../rig/steps.ts";

describe("a failed attempt", () => {
  seldom("is followed by two more at most, then the task has failed", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [print("no idea"), exit(7)] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(1);
    expect(rig.startedAgents).toEqual(["a 1", "a 2", "a 3"]);
    expect(report.tasks[0]).toMatchObject({ status: "failed", attempts: 3, error: { code: "agent_failed" } });
    expect(report.tasks[0]?.error?.message).toBe("the agent ended with exit code 7: no idea");
    rig.expectNothingLeft();
  });

  test("leaves nothing in the next one's workspace, whose brief says why it was not accepted", async () => {
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    const first = [
      append("a.txt", "half\n"),
      write("junk.txt", "junk\n"),
      write("tmp/deep/junk", "x"),
      remove("b.txt"),
    ];
    rig.script({ a: [first, [append("a.txt", "whole\n")]] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 2, result: { files: ["a.txt"] } });
    expect(rig.show(report.commit, "a.txt")).toBe("a\nwhole\n");
    const brief = rig.briefOf("a", 2);
    expect(brief).toContain("Attempt 1 was not accepted");
    for (const path of ["b.txt: deleted outside the scope", "junk.txt: created", "tmp/deep/junk: created"]) {
      expect(brief).toContain(path);
    }
    expect(rig.briefOf("a", 1)).not.toContain("not accepted");
  });

  test.each([
    ["no_changes", {}, []],
    ["missing_output", { files: ["new/**", "one.txt"], category: "creation" }, [write("new/a", "x")]],
    ["missing_output", { files: ["a.txt", "new.txt"] }, [append("a.txt", "x")]],
    ["scope_violation", { access: "read_only" }, [append("a.txt", "x")]],
  ] as const)("with %s is named so", async (code, keys, steps) => {
    // The sandbox would refuse the write that is to be found.
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    rig.script({ a: [...steps] });
    const { report } = await rig.run(rig.tasks({ id: "a", ...keys }));
    expect(report.tasks[0]).toMatchObject({ status: "failed", error: { code } });
    expect(report).toMatchObject({ final_status: "failed", branch: null });
  });

  test.each(
    few(1, [
      ["allow_empty", { allow_empty: true }],
      ["read_only access", { access: "read_only", files: [] }],
      ["read_only+test_execution access", { access: "read_only+test_execution", files: [] }],
    ]),
  )("is not what an attempt without changes is under %s", async (_, keys) => {
    await using rig = await Rig.create();
    const { code, report } = await rig.run(rig.tasks({ id: "a", ...keys }));
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ status: "success", result: { files: [] } });
  });
});

describe("a task's own checks", () => {
  const config = { checks: { whole: { command: ["grep", "-q", "whole", "a.txt"] } } };

  test("decide about the attempt, and what they said is in the next brief", async () => {
    await using rig = await Rig.create({ config });
    rig.script({ a: [[append("a.txt", "half\n")], [append("a.txt", "whole\n")]] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", checks: ["whole"] }));
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 2 });
    expect(rig.briefOf("a", 1)).toContain("Checks that must pass\n\n- whole");
    expect(rig.briefOf("a", 2)).toContain("check_failed: check whole failed");
  });

  test("fail the task when no attempt passes them, and its work is kept", async () => {
    await using rig = await Rig.create({ config });
    rig.script({ a: [append("a.txt", "half\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a", checks: ["whole"] }));
    expect(report.tasks[0]).toMatchObject({ status: "failed", attempts: 3, error: { code: "check_failed" } });
    expect(rig.show(`refs/forkjoin/${report.run_id}/attempts/a/3`, "a.txt")).toBe("a\nhalf\n");
  });
});

describe("a failed task", () => {
  test("ends the run after its batch under stop_on_failure", async () => {
    await using rig = await Rig.create({ config: { failure_handling: "stop_on_failure", max_parallel: 2 } });
    rig.script({ a: [exit(1)], b: [append("b.txt", "b\n")], c: [append("c.txt", "c\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }, { id: "c" }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ tasks_succeeded: 1, tasks_failed: 1, tasks_skipped: 1, batches_executed: 1 });
    expect(rig.startedAgents).not.toContain("c 1");
  });

  seldom("that is critical fails the run, and no branch is made", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [exit(1)], b: [append("b.txt", "b\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", critical: true }, { id: "b" }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "failed", branch: null, tasks_succeeded: 1 });
    expect(rig.show(`refs/forkjoin/${report.run_id}/integration`, "b.txt")).toBe("b\nb\n");
  });
});
