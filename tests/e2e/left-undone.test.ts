/** A run is never reported while a task is still to do that nobody failed, paused, capped or left to a person. */
import { expect, test } from "vitest";
import { z } from "zod";
import { type CallAnswer, ChatClient } from "../mcp/mcp-client.ts";
import { Claim, edit, planned, submit } from "../rig/chat-work.ts";
import { seldom } from "../rig/extent.ts";
import { gone } from "../rig/processes.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold, run, type Step } from "../rig/steps.ts";

const ALL = ["--toolset", "all"];

const line = (name: string): Step[] => [append(`${name}.txt`, `${name}\n`)];
const lines = (...names: string[]): Record<string, Step[]> =>
  Object.fromEntries(names.map((name) => [name, line(name)]));

const TWO_BATCHES = [{ id: "a" }, { id: "b", depends_on: ["a"] }];

/** Aggregating is refused, naming the tasks, and with `next` or the hint followed the report has every task. */
async function expectRefusedThenWhole(rig: Rig, chat: ChatClient, run_id: string, undone: string): Promise<void> {
  const refused = await chat.call("aggregate_results", { run_id });
  expect(refused.error).toMatchObject({
    code: "wrong_phase",
    message: expect.stringMatching(new RegExp(`^${undone} ha(s|ve) not been executed yet$`)),
    hint: "call execute_batch first",
  });
  expect((await chat.call("get_run", { run_id })).next).toMatchObject({ tool: "execute_batch" });
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  expectWhole(rig, run_id, await chat.call("aggregate_results", { run_id }));
}

function expectWhole(rig: Rig, run_id: string, end: CallAnswer): void {
  expect(end).toMatchObject({ status: "complete", report: { tasks_failed: 0 } });
  const { tasks } = z.object({ tasks: z.array(z.object({ task_id: z.string() })) }).parse(end.report);
  for (const { task_id } of tasks) {
    expect(rig.show(`forkjoin/${run_id}`, `${task_id}.txt`)).toBe(`${task_id}\n${task_id}\n`);
  }
  expect(rig.workspaces()).toEqual([]);
}

seldom("after the first of two batches, and when work was added after the last one", async () => {
  await using rig = await Rig.create();
  rig.script(lines("a", "b", "c"));
  await using chat = await ChatClient.connect(rig, ...ALL);
  const first = await planned(chat, TWO_BATCHES);
  await chat.call("execute_batch", { run_id: first, wait_seconds: 30 });
  await expectRefusedThenWhole(rig, chat, first, "b");
  const second = await planned(chat, [{ id: "a" }]);
  await chat.call("execute_batch", { run_id: second, batch_id: "all", wait_seconds: 30 });
  await chat.call("add_tasks", { run_id: second, tasks: [{ id: "c", description: "More", files: ["c.txt"] }] });
  await expectRefusedThenWhole(rig, chat, second, "c");
});

seldom("killed in the first batch: what is left of it, and what waits for it", async () => {
  await using rig = await Rig.create();
  rig.script({ ...lines("b", "c"), a: [[hold], line("a")] });
  const chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [...TWO_BATCHES, { id: "c" }]);
  await chat.call("execute_batch", { run_id, batch_id: "all" });
  await rig.control.held("a");
  process.kill(chat.pid, "SIGKILL");
  await gone(chat.pid);
  await using next = await ChatClient.connect(rig);
  await expectRefusedThenWhole(rig, next, run_id, "a, b(, c)?");
});

test("killed while a client works on its task: that task is not done yet, and the client can still hand it in", async () => {
  await using rig = await Rig.create();
  rig.script(lines("a"));
  const chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }, { id: "c", agent: "client" }]);
  const { claims } = await chat.call("execute_batch", { run_id, batch_id: "all" });
  const [work] = z.array(Claim).length(1).parse(claims);
  if (work === undefined) throw new Error("no claim");
  for (let done = 0; done < 1; ) {
    const { progress } = await chat.call("get_run", { run_id, wait_seconds: 1 });
    ({ done } = z.object({ done: z.number() }).parse(progress));
  }
  process.kill(chat.pid, "SIGKILL");
  await gone(chat.pid);
  await using next = await ChatClient.connect(rig);
  const early = await next.call("aggregate_results", { run_id });
  expect(early.error).toMatchObject({ code: "wrong_phase", message: expect.stringContaining("c ") });
  edit(work, "c.txt", "c\nc\n");
  expect(await submit(next, work)).toMatchObject({ status: "accepted" });
  await next.call("get_run", { run_id, wait_seconds: 30 });
  expectWhole(rig, run_id, await next.call("aggregate_results", { run_id }));
});

seldom(
  "in a stream: killed, with a task that had ended and was not merged, and others that had not begun",
  async () => {
    await using rig = await Rig.create({ config: { mode: "streaming", max_parallel: 2 } });
    rig.script({ ...lines("b", "c"), a: [[hold], line("a")] });
    const chat = await ChatClient.connect(rig);
    const run_id = await planned(chat, [...TWO_BATCHES, { id: "c" }]);
    await chat.call("execute_batch", { run_id, batch_id: "all" });
    await rig.control.held("a");
    process.kill(chat.pid, "SIGKILL");
    await gone(chat.pid);
    await using next = await ChatClient.connect(rig);
    await expectRefusedThenWhole(rig, next, run_id, "a, b(, c)?");
  },
);

test("paused by itself it may be reported; what was not begun is said to be so", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [hold, ...line("a")], b: line("b") });
  await using chat = await ChatClient.connect(rig, ...ALL);
  const run_id = await planned(chat, TWO_BATCHES);
  await chat.call("execute_batch", { run_id, batch_id: "all" });
  const agent = await rig.control.held("a");
  await chat.call("pause_run", { run_id });
  agent.release();
  expect(await chat.call("get_run", { run_id, wait_seconds: 30 })).toMatchObject({ state: "paused" });
  const end = await chat.call("aggregate_results", { run_id });
  expect(end).toMatchObject({ report: { tasks_succeeded: 1, tasks: [{ task_id: "a" }, { task_id: "b" }] } });
  expect(end.summary).toContain("1 of 2 tasks succeeded");
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  expectWhole(rig, run_id, await chat.call("aggregate_results", { run_id }));
});

seldom("a task that waits for a person's word on more files is left to that person", async () => {
  await using rig = await Rig.create({ config: { scope_requests: "ask" } });
  const ask = run("sh", "-c", `printf '{"files":["new.txt"],"reason":"x"}' > "$FORKJOIN_SCOPE_REQUEST"`);
  rig.script({ ...lines("b", "c"), a: [[ask, exit(1)], line("a")] });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [...TWO_BATCHES, { id: "c" }]);
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  const asked = await chat.call("get_run", { run_id });
  expect(asked).toMatchObject({ state: "awaiting_review", next: { tool: "resolve_conflict" } });
  const decided = await chat.call("resolve_conflict", { ...asked.next?.arguments, choice: "grant" });
  await expectRefusedThenWhole(rig, chat, run_id, "a, b");
  expect(decided.next).toMatchObject({ tool: "execute_batch" });
});
