/** Work that is added to a run on its way: by another process, after a crash, between batches; nothing of it is lost or done twice. */
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig, type RigTask } from "../rig/rig.ts";
import { append, hold } from "../rig/steps.ts";

const treeOf = (rig: Rig, commit: string): string => rig.git("rev-parse", `${commit}^{tree}`).trim();

function moreTasks(rig: Rig, ...tasks: RigTask[]): string {
  const whole = tasks.map((task) => ({ description: `Do ${task.id}`, files: [`${task.id}.txt`], ...task }));
  return rig.file("more.yaml", JSON.stringify({ tasks: whole }));
}

const SCRIPT = {
  a: [hold, append("a.txt", "a\n")],
  b: [append("b.txt", "b\n")],
  c: [append("a.txt", "c\n"), append("c.txt", "c\n")],
  d: [append("d.txt", "d\n")],
};

describe("add, while another process executes the run", () => {
  test("the owner takes the tasks up at its next decision, and batches that have begun stay as they are", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }));
    const runId = await run.runId();
    const held = await rig.control.held("a");
    const more = moreTasks(rig, { id: "c", depends_on: ["a"], files: ["a.txt", "c.txt"] }, { id: "d" });
    const added = await rig.cli(["add", runId, "--tasks", more, "--json", "--config", rig.configFile]);
    expect(added).toMatchObject({ code: 0, json: { run_id: runId, tasks: ["c", "d"], taken_up: false } });
    held.release();
    const { code, report } = await run.done;
    expect(code).toBe(0);
    expect(report).toMatchObject({ final_status: "success", tasks_total: 4, tasks_succeeded: 4, batches_executed: 2 });
    expect(rig.show(report.commit, "a.txt")).toBe("a\na\nc\n");
    expect(rig.show(report.commit, "d.txt")).toBe("d\n");
    const status = await rig.cli(["status", runId, "--json"]);
    expect(status.json).toMatchObject({
      results: {
        batches: [
          { batch_id: 1, tasks: [{ task_id: "a" }] },
          { batch_id: 2, tasks: [{ task_id: "b" }, { task_id: "c" }, { task_id: "d" }] },
        ],
      },
    });
  });

  seldom(
    "killed before it could take them up, the run does them after resume, with the tree of an undisturbed one",
    async () => {
      await using rig = await Rig.create();
      rig.script({ ...SCRIPT, a: [[hold], [append("a.txt", "a\n")]] });
      const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }));
      const runId = await run.runId();
      await rig.control.held("a");
      const more = moreTasks(rig, { id: "d", depends_on: ["a"] });
      expect((await rig.cli(["add", runId, "--tasks", more, "--config", rig.configFile])).code).toBe(0);
      run.kill("SIGKILL");
      await run.done;
      const resumed = await rig.resume(runId);
      expect(resumed.code).toBe(0);
      expect(resumed.report.tasks.map((task) => [task.task_id, task.status])).toEqual([
        ["a", "success"],
        ["b", "success"],
        ["d", "success"],
      ]);
      const whole = rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }, { id: "d", depends_on: ["a"] });
      rig.script({ ...SCRIPT, a: [append("a.txt", "a\n")] });
      const calm = await rig.run(whole);
      expect(treeOf(rig, calm.report.commit)).toBe(treeOf(rig, resumed.report.commit));
      rig.expectNothingLeft();
    },
  );
});

describe("add, while nobody works on the run", () => {
  seldom("an interrupted run is planned anew at once, and a new task may need one that is done", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, b: [[hold], [append("b.txt", "b\n")]], a: [append("a.txt", "a\n")] });
    const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }));
    const runId = await run.runId();
    await rig.control.held("b");
    run.kill("SIGKILL");
    await run.done;
    const more = moreTasks(rig, { id: "d", depends_on: ["a"] });
    const added = await rig.cli(["add", runId, "--tasks", more, "--json", "--config", rig.configFile]);
    expect(added).toMatchObject({ code: 0, json: { tasks: ["d"], taken_up: true } });
    const { code, report } = await rig.resume(runId);
    expect(code).toBe(0);
    expect(report.tasks.map((task) => task.task_id)).toEqual(["a", "b", "d"]);
    expect(rig.startedAgents).toEqual(["a 1", "b 1", "b 2", "d 1"]);
  });

  test("tasks without an id go on counting after those the run has", async () => {
    await using rig = await Rig.create();
    const { orchestrator } = await rig.compose();
    const task = { description: "Change it", files: ["a.txt"] };
    const begun = await orchestrator.decompose({ request: "Work", repo: rig.repository, work: { tasks: [task] } });
    if (!begun.ok) return expect.fail(begun.error.message);
    const { run_id } = begun.value.run;
    await orchestrator.analyze(run_id);
    expect(await orchestrator.requests.addTasks(run_id, [task])).toMatchObject({ value: { tasks: ["task_002"] } });
    expect(await orchestrator.plan(run_id)).toMatchObject({ ok: false, error: { code: "wrong_phase" } });
    await orchestrator.analyze(run_id);
    expect(await orchestrator.plan(run_id)).toMatchObject({
      value: { batches: [{ tasks: ["task_001"] }, { tasks: ["task_002"] }] },
    });
  });
});

describe("what add refuses", () => {
  test("names every mistake and leaves the run as it was", async () => {
    await using rig = await Rig.create();
    const { orchestrator } = await rig.compose();
    const task = { id: "a", description: "Change it", files: ["a.txt"] };
    const begun = await orchestrator.decompose({ request: "Work", repo: rig.repository, work: { tasks: [task] } });
    if (!begun.ok) return expect.fail(begun.error.message);
    const { run_id } = begun.value.run;
    const problems = async (...tasks: unknown[]): Promise<unknown> => {
      const added = await orchestrator.requests.addTasks(run_id, tasks);
      return added.ok ? [] : (added.error.problems?.map((problem) => problem.code) ?? added.error.code);
    };
    expect(await problems()).toBe("invalid_tasks");
    expect(await problems(task)).toEqual(["duplicate_id"]);
    expect(await problems({ ...task, id: "b", depends_on: ["x"] })).toEqual(["unknown_task"]);
    const circle = [
      { ...task, id: "b", depends_on: ["c"] },
      { ...task, id: "c", depends_on: ["b"] },
    ];
    expect(await problems(...circle)).toBe("cycle");
    expect(orchestrator.ports.store.artefact(run_id, "task_list")?.tasks.map(({ id }) => id)).toEqual(["a"]);
  });

  test("a run that has ended, and one that does not exist", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks({ id: "b" }));
    const more = moreTasks(rig, { id: "d" });
    const add = async (runId: string) => rig.cli(["add", runId, "--tasks", more, "--json", "--config", rig.configFile]);
    expect(await add(report.run_id)).toMatchObject({
      ...{ code: 2, failure: { code: "wrong_phase", message: expect.stringContaining("complete") } },
    });
    expect(await add("nothing")).toMatchObject({ code: 2, failure: { code: "unknown_run" } });
  });
});
