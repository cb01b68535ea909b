/** The six phases driven by a chat client over stdio, as Claude Desktop would. */
import { expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { hold, write } from "../rig/steps.ts";
import { ChatClient } from "./mcp-client.ts";

const TASKS = [
  { id: "one", description: "Change a", files: ["a.txt"], estimated: "5min" },
  { task_id: "two", description: "Change b", files_affected: ["b.txt"], estimated_duration: "5min" },
  { id: "three", description: "Change c after both", files: ["c.txt"], depends_on: ["one", "two"] },
];

test("each phase is a call, every answer names the next one, and the end is a tested branch", async () => {
  await using rig = await Rig.create({ config: { checks: { test: { command: ["true"] } }, validate: ["test"] } });
  rig.script({ one: [write("a.txt", "A\n")], two: [write("b.txt", "B\n")], three: [write("c.txt", "C\n")] });
  await using chat = await ChatClient.connect(rig);
  const knowledge = await chat.call("load_knowledge", { request: "Change everything" });
  const run_id = knowledge.run_id;
  const followed = [knowledge.next?.tool];
  const list = await chat.call("decompose_work", { request: "Change everything", run_id, tasks: TASKS });
  expect(list.tasks).toMatchObject([
    { id: "one" },
    { id: "two", files: ["b.txt"], estimated: "5min" },
    { id: "three" },
  ]);
  followed.push(list.next?.tool);
  const graph = await chat.call("analyze_dependencies", { run_id });
  expect(graph.tasks).toEqual({ one: [], two: [], three: ["one", "two"] });
  followed.push(graph.next?.tool);
  const plan = await chat.call("plan_batches", { run_id });
  expect(plan.batches).toMatchObject([
    { batch_id: 1, tasks: ["one", "two"] },
    { batch_id: 2, tasks: ["three"] },
  ]);
  followed.push(plan.next?.tool);
  const first = await chat.call("execute_batch", { run_id, wait_seconds: 45 });
  expect(first).toMatchObject({ state: "open", batches: [{ status: "complete" }, { status: "pending" }] });
  followed.push(first.next?.tool);
  const second = await chat.call("execute_batch", { run_id, batch_id: 2, wait_seconds: 45 });
  expect(second).toMatchObject({ overall_status: "complete", failures: [], retries: [] });
  followed.push(second.next?.tool);
  const end = await chat.call("aggregate_results", { run_id });
  expect(end).toMatchObject({
    status: "complete",
    conflicts: [],
    report: { final_status: "success", tasks_succeeded: 3, branch: `forkjoin/${run_id}`, validation: { passed: true } },
  });
  expect(followed).toEqual([
    "decompose_work",
    "analyze_dependencies",
    "plan_batches",
    "execute_batch",
    "execute_batch",
    "aggregate_results",
  ]);
  expect(rig.show(`forkjoin/${run_id}`, "c.txt")).toBe("C\n");
  expect(JSON.parse(await chat.read(`run://${run_id}/report`))).toMatchObject({ final_status: "success" });
  expect(rig.workspaces()).toEqual([]);
});

test("execute_batch returns at once with what runs, get_run waits, and progress is told", async () => {
  await using rig = await Rig.create();
  rig.script({ one: [hold, write("a.txt", "A\n")], two: [hold, write("b.txt", "B\n")] });
  await using chat = await ChatClient.connect(rig);
  const { run_id } = await chat.call("decompose_work", { request: "x", tasks: TASKS.slice(0, 2) });
  await chat.call("analyze_dependencies", { run_id });
  await chat.call("plan_batches", { run_id });
  const started = await chat.call("execute_batch", { run_id, batch_id: "all" });
  expect(started).toMatchObject({ state: "executing", overall_status: "running", next: { tool: "get_run" } });
  const agents = await rig.control.all("one", "two");
  const waiting = chat.call("get_run", { run_id, wait_seconds: 45, include: ["results"] });
  for (const agent of agents) agent.release();
  expect(await waiting).toMatchObject({ state: "open", progress: { done: 2, total: 2, running: [] } });
  expect(chat.progress.filter((message) => message.startsWith("task finished")).length).toBe(2);
  const files = ["brief", "diff"].map(async (part) => chat.read(`run://${run_id}/tasks/one/${part}`));
  const [brief, diff] = await Promise.all(files);
  expect(brief).toContain("TASK_BOUNDARY: one\nACCESS: write\nSCOPE:\n- a.txt");
  expect(diff).toContain("-a\n+A");
});

test("executing before planning, aggregating before executing and planning while it runs say what to call", async () => {
  await using rig = await Rig.create();
  rig.script({ one: [hold, write("a.txt", "A\n")] });
  await using chat = await ChatClient.connect(rig);
  const { run_id } = await chat.call("decompose_work", { request: "x", tasks: TASKS.slice(0, 1) });
  const early = await chat.call("execute_batch", { run_id });
  expect(early.error).toMatchObject({ code: "wrong_phase", hint: "call analyze_dependencies first" });
  await chat.call("analyze_dependencies", { run_id });
  expect((await chat.call("execute_batch", { run_id })).error?.hint).toBe("call plan_batches first");
  await chat.call("plan_batches", { run_id });
  expect((await chat.call("aggregate_results", { run_id })).error?.hint).toBe("call execute_batch first");
  await chat.call("execute_batch", { run_id });
  const agent = await rig.control.held("one");
  for (const tool of ["plan_batches", "analyze_dependencies", "execute_batch"]) {
    expect((await chat.call(tool, { run_id })).error?.code).toMatch(/^(wrong_phase|run_busy)$/);
  }
  agent.release();
  await chat.call("get_run", { run_id, wait_seconds: 45 });
});

test("with --toolset all a run takes more tasks while it works, is paused and goes on", async () => {
  await using rig = await Rig.create();
  const step = (file: string) => [write(file, `${file}\n`)];
  rig.script({ one: [hold, ...step("a.txt")], two: step("b.txt"), late: step("d.txt"), last: step("e.txt") });
  await using chat = await ChatClient.connect(rig, "--toolset", "all");
  const offered = (await chat.client.listTools()).tools.map((tool) => tool.name);
  expect(offered.slice(-4)).toEqual(["cancel_run", "add_tasks", "pause_run", "retry_tasks"]);
  const { run_id } = await chat.call("decompose_work", { request: "x", tasks: TASKS.slice(0, 2) });
  const idle = { error: { code: "wrong_phase", hint: expect.stringContaining("get_run") } };
  expect(await chat.call("pause_run", { run_id })).toMatchObject(idle);
  await chat.call("analyze_dependencies", { run_id });
  await chat.call("plan_batches", { run_id, max_parallel: 1 });
  await chat.call("execute_batch", { run_id, batch_id: "all" });
  const agent = await rig.control.held("one");
  const late = { id: "late", description: "After the first", files: ["d.txt"], depends_on: ["one"] };
  const bad = await chat.call("add_tasks", { run_id, tasks: [{ ...late, depends_on: ["nobody"] }] });
  expect(bad).toMatchObject({ error: { code: "invalid_tasks", message: expect.stringContaining("nobody") } });
  expect(await chat.call("add_tasks", { run_id, tasks: [late] })).toMatchObject({
    ...{ added: ["late"], taken_up: false, state: "executing", next: { tool: "get_run" } },
  });
  const asked = await chat.call("pause_run", { run_id });
  expect(asked).toMatchObject({ state: "executing", running: ["one"], next: { tool: "get_run" } });
  agent.release();
  const paused = await chat.call("get_run", { run_id, wait_seconds: 45 });
  expect(paused).toMatchObject({ state: "paused", progress: { done: 1 }, next: { tool: "execute_batch" } });
  expect(await chat.call("pause_run", { run_id })).toMatchObject({ state: "paused", running: [] });
  const last = { id: "last", description: "At the end", files: ["e.txt"], depends_on: ["late"] };
  expect(await chat.call("add_tasks", { run_id, tasks: [last] })).toMatchObject({
    ...{ added: ["last"], taken_up: true, next: { tool: "execute_batch" } },
  });
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 45 });
  expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ report: { tasks_succeeded: 4 } });
  expect(rig.startedAgents).toEqual(["one 1", "two 1", "late 1", "last 1"]);
  expect(rig.show(`forkjoin/${run_id}`, "e.txt")).toBe("e.txt\n");
  const ended = { error: { code: "wrong_phase", message: expect.stringContaining("complete") } };
  expect(await chat.call("add_tasks", { run_id, tasks: [{ ...last, id: "more" }] })).toMatchObject(ended);
});

test("cancel_run stops the agents, keeps what was done, and the run stays cancelled", async () => {
  await using rig = await Rig.create();
  rig.script({ one: [write("a.txt", "half\n"), hold] });
  await using chat = await ChatClient.connect(rig);
  const { run_id } = await chat.call("decompose_work", { request: "x", tasks: TASKS.slice(0, 1) });
  await chat.call("analyze_dependencies", { run_id });
  await chat.call("plan_batches", { run_id });
  await chat.call("execute_batch", { run_id });
  await rig.control.held("one");
  const cancelled = await chat.call("cancel_run", { run_id, reason: "changed my mind" });
  expect(cancelled).toMatchObject({ stopped: ["one"], kept: [expect.any(String)] });
  expect(await chat.call("get_run", { run_id })).toMatchObject({ state: "cancelled" });
  expect((await chat.call("execute_batch", { run_id })).error?.code).toBe("wrong_phase");
  expect(rig.workspaces()).toEqual([]);
});

seldom("a conflict goes to the person with both versions, and their decision lands", async () => {
  await using rig = await Rig.create({ config: { same_file: "optimistic" } });
  rig.script({ one: [write("a.txt", "first\n")], two: [write("a.txt", "second\n")] });
  const tasks = ["one", "two"].map((id) => ({ id, description: `Change ${id}`, files: ["a.txt"] }));
  await using chat = await ChatClient.connect(rig);
  const { run_id } = await chat.call("decompose_work", { request: "x", tasks });
  await chat.call("analyze_dependencies", { run_id });
  await chat.call("plan_batches", { run_id });
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 45 });
  const review = await chat.call("aggregate_results", { run_id });
  expect(review).toMatchObject({
    status: "awaiting_review",
    conflicts: [
      {
        conflict_id: "two:a.txt",
        tasks: ["one", "two"],
        base: { content: "a\n" },
        ours: { content: "first\n" },
        theirs: { content: "second\n" },
      },
    ],
    next: { tool: "resolve_conflict" },
  });
  const unknown = await chat.call("resolve_conflict", { run_id, conflict_id: "no", choice: "ours" });
  expect(unknown.error).toMatchObject({ code: "unknown_conflict", hint: "open conflicts: two:a.txt" });
  const edited = { run_id, conflict_id: "two:a.txt", choice: "edited", content: "both\n" };
  expect(await chat.call("resolve_conflict", edited)).toMatchObject({ remaining: [] });
  expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ status: "complete", conflicts: [] });
  expect(rig.show(`forkjoin/${run_id}`, "a.txt")).toBe("both\n");
});
