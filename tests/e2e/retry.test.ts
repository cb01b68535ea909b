/** Failed tasks done again: in the same run, on the same branch, on top of what landed, with a word to the agent, and what was skipped for their sake follows. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ChatClient } from "../mcp/mcp-client.ts";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold, print, type Step } from "../rig/steps.ts";

const line = (name: string): Step[] => [append(`${name}.txt`, `${name}\n`)];
const broken: Step[] = [print("first"), print("cannot find the compiler"), exit(3)];
const THREE = [{ id: "a" }, { id: "b", depends_on: ["a"] }, { id: "c" }];

const retry = (rig: Rig, run: string, ...more: string[]) =>
  rig.cli(["retry", run, ...more, "--json", "--config", rig.configFile]);

/** A run in which `a` failed, `b` was skipped for its sake, and `c` landed. */
async function failedRun(rig: Rig): Promise<string> {
  rig.script({ a: broken, b: line("b"), c: line("c") });
  const { code, report } = await rig.run(rig.tasks(...THREE));
  expect(code).toBe(1);
  expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 1, tasks_failed: 1 });
  return report.run_id;
}

test("what failed is done again on top of what landed, what it held up follows, and why it failed is one command away", async () => {
  await using rig = await Rig.create();
  const run = await failedRun(rig);
  const first = rig.git("rev-parse", `forkjoin/${run}`).trim();
  const stored = (await rig.cli(["report", run, "--json"])).json;
  const told = await rig.cli(["report", run]);
  expect(told.stdout).toMatch(/a: the agent ended with exit code 3.*\n {4}log: .*\/logs\/.*a\/3\.log/);
  expect((await rig.cli(["show", run, "a"])).stdout).toContain("cannot find the compiler");
  expect((await rig.cli(["logs", run, "a"])).stdout).toBe("first\ncannot find the compiler\n");
  const resumed = await rig.cli(["resume", run, "--config", rig.configFile]);
  expect(resumed).toMatchObject({ code: 1, stdout: "" });
  expect(resumed.stderr).toContain(`forkjoin retry ${run}`);
  expect((await rig.cli(["report", run, "--json"])).json).toEqual(stored);
  rig.script({ a: line("a"), b: line("b"), c: broken });
  const { code, report } = await retry(rig, run, "--note", "The compiler is there now.");
  expect(code).toBe(0);
  expect(report).toMatchObject({ run_id: run, final_status: "success", tasks_succeeded: 3 });
  expect(report.tasks.map(({ task_id, attempts }) => `${task_id} ${attempts}`)).toEqual(["a 4", "c 1", "b 1"]);
  expect(rig.briefOf("a", 4)).toContain("The compiler is there now.");
  for (const name of ["a", "b", "c"]) expect(rig.show(`forkjoin/${run}`, `${name}.txt`)).toBe(`${name}\n${name}\n`);
  expect(rig.git("merge-base", "--is-ancestor", first, `forkjoin/${run}`)).toBe("");
  rig.expectNothingLeft();
});

seldom("a retry has all its attempts, and is killed and resumed like any other work", async () => {
  await using rig = await Rig.create();
  const run = await failedRun(rig);
  rig.script({ a: [broken, broken, broken, broken, [hold], line("a")], b: line("b") });
  const started = rig.start(["retry", run, "a", "--json", "--config", rig.configFile]);
  await rig.control.held("a", 5);
  started.kill("SIGKILL");
  await started.done;
  const { code, report } = await rig.resume(run);
  expect(code).toBe(0);
  expect(report).toMatchObject({ final_status: "success" });
  expect(rig.startedAgents.filter((one) => one.startsWith("a "))).toEqual([1, 2, 3, 4, 5, 6].map((n) => `a ${n}`));
});

seldom("another agent, other words and another scope, as they are saved in the editor", async () => {
  await using rig = await Rig.create();
  const run = await failedRun(rig);
  rig.configure({ agents: { scripted: rig.scriptedAgent("2min"), other: rig.scriptedAgent("2min") } });
  rig.script({ a: [append("a.txt", "a\n"), append("more.txt", "more\n")], b: line("b") });
  rig.env.EDITOR = `sed -i -e 's/Do a/Do all of a/' -e 's/- a.txt/- a.txt\\n    - more.txt/'`;
  const { code, report } = await retry(rig, run, "--agent", "other", "--edit");
  expect(code).toBe(0);
  expect(report.tasks[0]).toMatchObject({ task_id: "a", status: "success", result: { files: ["a.txt", "more.txt"] } });
  expect(rig.briefOf("a", 4)).toContain("Do all of a");
  expect(await rig.cli(["show", run, "a", "--json"])).toMatchObject({
    json: { task: { agent: "other", files: ["a.txt", "more.txt"] } },
  });
});

seldom("a task that succeeded is done anew when it is named: its first result is gone from the branch", async () => {
  await using rig = await Rig.create();
  rig.script({ a: line("a"), b: line("b") });
  const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }));
  rig.script({ a: [append("a.txt", "better\n")], b: broken });
  const again = await retry(rig, report.run_id, "a");
  expect(again).toMatchObject({ code: 0, report: { final_status: "success", tasks_succeeded: 2 } });
  expect(rig.show(`forkjoin/${report.run_id}`, "a.txt")).toBe("a\nbetter\n");
  expect(rig.show(`forkjoin/${report.run_id}`, "b.txt")).toBe("b\nb\n");
});

seldom("a culprit that was left out, and what builds on it, land with a retry", async () => {
  await using rig = await Rig.create({ config: { sandbox: "off" } });
  const apart = "! (grep -q x a.txt && grep -q x c.txt)";
  rig.configure({ checks: { apart: { command: ["sh", "-c", apart] } }, validate: ["apart"] });
  const x = (name: string): Step[] => [append(`${name}.txt`, "x\n")];
  rig.script({ a: x("a"), c: x("c"), d: [append("c.txt", "d\n")] });
  const { report } = await rig.run(
    rig.tasks({ id: "a" }, { id: "c" }, { id: "d", files: ["c.txt"], depends_on: ["c"] }),
  );
  expect(report.tasks.map(({ status }) => status)).toEqual(["success", "failed", "skipped"]);
  rig.script({ c: line("c"), d: [append("c.txt", "d\n")] });
  const again = await retry(rig, report.run_id);
  expect(again).toMatchObject({ code: 0, report: { final_status: "success", tasks_succeeded: 3 } });
  expect(rig.show(`forkjoin/${report.run_id}`, "c.txt")).toBe("c\nc\nd\n");
});

seldom("over MCP, in a stream", async () => {
  await using rig = await Rig.create({ config: { mode: "streaming" } });
  const run = await failedRun(rig);
  rig.script({ a: line("a"), b: line("b") });
  await using chat = await ChatClient.connect(rig, "--toolset", "all");
  const asked = await chat.call("retry_tasks", { run_id: run });
  expect(asked).toMatchObject({ retried: ["a"], state: "open", next: { tool: "execute_batch" } });
  await chat.call("execute_batch", { run_id: run, batch_id: "all", wait_seconds: 30 });
  expect(await chat.call("aggregate_results", { run_id: run })).toMatchObject({ report: { tasks_succeeded: 3 } });
});

seldom("a retry that cannot be is refused before anything starts", async () => {
  await using rig = await Rig.create();
  const run = await failedRun(rig);
  const refusals: [string[], string][] = [
    [["x"], 'task "x" is no task of run'],
    [["b"], "task b was skipped: needs a, which failed"],
    [["a", "--agent", "nobody"], 'agent names "nobody", which is not configured'],
    [["a", "--all-failed"], "--all-failed does not go with names of tasks"],
  ];
  for (const [args, message] of refusals) {
    const { code, failure } = await retry(rig, run, ...args);
    expect([code, failure?.message]).toEqual([2, expect.stringContaining(message)]);
  }
  rig.env.EDITOR = "sed -i 's/- a.txt/- ..\\/out.txt/'";
  expect(await retry(rig, run, "--edit")).toMatchObject({ code: 2, failure: { code: "invalid_tasks" } });
  expect(rig.startedAgents.filter((one) => one.startsWith("a "))).toHaveLength(3);
});

seldom("logs are followed while their agents print, each line with its attempt", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [print("one"), hold, print("two"), ...line("a")], b: line("b") });
  const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b" }));
  const runId = await run.runId();
  const held = await rig.control.held("a");
  const following = rig.start(["logs", runId, "--follow"]);
  await following.says(/\[a\/1\] one\n/);
  held.release();
  expect((await following.done).stdout).toContain("[a/1] two\n");
  await run.done;
});

seldom("diff shows what a task changed, accepted or not, and what the run changed as a whole", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [append("a.txt", "half\n"), exit(1)], c: line("c") });
  const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "c" }));
  expect((await rig.cli(["diff", report.run_id, "a"])).stdout).toContain("+half");
  const whole = await rig.cli(["diff", report.run_id]);
  expect(whole.stdout).toContain("+c");
  expect(whole.stdout).not.toContain("half");
  const [patch = ""] = (await rig.cli(["show", report.run_id, "a"])).stdout.match(/\S+\/logs\/\S+\.patch/) ?? [];
  expect(readFileSync(patch, "utf8")).toContain("+half");
});
