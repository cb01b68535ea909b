/** A run that is asked to start nothing more: what runs ends, nothing else begins, and resume goes on to the same tree. */
import { expect } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold } from "../rig/steps.ts";

const treeOf = (rig: Rig, commit: string): string => rig.git("rev-parse", `${commit}^{tree}`).trim();

seldom(
  "pause lets the running task end, keeps the rest of its batch for resume, and the result is that of an undisturbed run",
  async () => {
    await using rig = await Rig.create();
    const tasks = rig.tasks({ id: "a" }, { id: "b" }, { id: "c", depends_on: ["a"] });
    const script = { a: [append("a.txt", "a\n")], b: [append("b.txt", "b\n")], c: [append("c.txt", "c\n")] };
    rig.script(script);
    const calm = await rig.run(tasks);
    rig.script({ ...script, a: [hold, ...script.a] });
    const run = rig.startRun(tasks, "--max-parallel", "1");
    const runId = await run.runId();
    const held = await rig.control.held("a");
    const asked = await rig.cli(["pause", runId, "--json"]);
    expect(asked).toMatchObject({ code: 0, json: { run_id: runId, state: "executing", running: ["a"] } });
    held.release();
    const stopped = await run.done;
    expect(stopped).toMatchObject({ code: 130, failure: { code: "interrupted", message: `run ${runId} is paused` } });
    expect(rig.startedAgents.slice(3)).toEqual(["a 1"]);
    expect((await rig.cli(["status", runId, "--json"])).json).toMatchObject({ state: "paused", progress: { done: 1 } });
    expect(await rig.cli(["pause", runId])).toMatchObject({ code: 0, stdout: expect.stringContaining("is paused") });
    rig.expectNothingLeft();
    const resumed = await rig.resume(runId);
    expect(resumed).toMatchObject({ code: 0, report: { final_status: "success", tasks_succeeded: 3 } });
    expect(treeOf(rig, resumed.report.commit)).toBe(treeOf(rig, calm.report.commit));
    expect(rig.startedAgents.slice(3)).toEqual(["a 1", "b 1", "c 1"]);
    const again = await rig.cli(["pause", runId, "--json"]);
    expect(again).toMatchObject({
      code: 2,
      failure: { code: "wrong_phase", message: expect.stringContaining("complete") },
    });
  },
);

seldom("a task that fails while the run pauses is tried again only after resume, and keeps its retries", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [[hold, exit(1)], [append("a.txt", "a\n")]] });
  const run = rig.startRun(rig.tasks({ id: "a" }));
  const runId = await run.runId();
  const held = await rig.control.held("a");
  expect((await rig.cli(["pause", runId])).code).toBe(0);
  held.release();
  expect((await run.done).code).toBe(130);
  expect(rig.startedAgents).toEqual(["a 1"]);
  const resumed = await rig.resume(runId);
  expect(resumed.report.tasks).toMatchObject([{ status: "success", attempts: 2 }]);
});

seldom(
  "a pool and an agent's limit keep tasks apart that nothing else keeps apart, and priority says who is first",
  async () => {
    await using rig = await Rig.create();
    const agents = { scripted: rig.scriptedAgent("2min"), rare: { ...rig.scriptedAgent("2min"), max_parallel: 1 } };
    rig.configure({ agents, pools: { cpu: 1 } });
    const step = (id: string) => [hold, append(`${id}.txt`, "x\n")];
    rig.script({ a: step("a"), b: step("b"), c: step("c"), d: step("d") });
    const tasks = rig.tasks(
      { id: "a", pools: { cpu: 1 } },
      { id: "b", pools: { cpu: 1 }, priority: 1 },
      { id: "c", agent: "rare" },
      { id: "d", agent: "rare" },
    );
    const run = rig.startRun(tasks);
    const [b, c] = await rig.control.all("b", "c");
    expect(rig.control.waiting).toEqual(["b", "c"]);
    for (const id of ["a", "d"]) void rig.control.held(id).then((agent) => agent.release());
    b?.release();
    c?.release();
    expect((await run.done).report).toMatchObject({ final_status: "success", tasks_succeeded: 4 });
    expect(rig.control.peak).toBe(2);
  },
);
