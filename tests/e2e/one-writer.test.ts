/** What once made a run undeliverable, because two pieces of work wrote it: each of these runs ends with everything it was given. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failure } from "../../src/core/model/failure.ts";
import { err, ok } from "../../src/core/model/result.ts";
import { Orchestrator } from "../../src/core/orchestrator.ts";
import { type CallAnswer, ChatClient } from "../mcp/mcp-client.ts";
import { planned } from "../rig/chat-work.ts";
import { few, seldom } from "../rig/extent.ts";
import { GitGate } from "../rig/git-gate.ts";
import { HELD, Rig } from "../rig/rig.ts";
import { append, exit, hold, type Step, sh } from "../rig/steps.ts";

const ALL = ["--toolset", "all"];

const line = (name: string): Step[] => [append(`${name}.txt`, `${name}\n`)];

function ask(...files: string[]): Step[] {
  return [sh(`printf '%s' '${JSON.stringify({ files, reason: "needed" })}' > "$FORKJOIN_SCOPE_REQUEST"`), exit(1)];
}

/** Aggregates, and says that every task has landed. */
async function expectAllLand(rig: Rig, chat: ChatClient, run_id: string, ...names: string[]): Promise<void> {
  const end = await chat.call("aggregate_results", { run_id });
  expect(end.summary).not.toContain("FAILS");
  expect(end).toMatchObject({ status: "complete", report: { tasks_succeeded: names.length, tasks_failed: 0 } });
  for (const name of names) expect(rig.show(`forkjoin/${run_id}`, `${name}.txt`)).toContain(`${name}\n`);
  expect(rig.workspaces()).toEqual([]);
}

test.each(few(1, ["ask", "grant", "refuse"]))(
  "an agent that asks for files in its attempt at a repair (scope_requests: %s): the rest lands",
  async (scope_requests) => {
    const both = ["sh", "-c", "! (grep -q '^a$' z.txt && grep -q '^b$' y.txt)"];
    await using rig = await Rig.create({
      config: { checks: { both: { command: both } }, validate: ["both"], scope_requests },
      files: { "z.txt": "", "y.txt": "" },
    });
    const first = { a: [append("z.txt", "a\n")], b: [append("y.txt", "b\n")] };
    rig.script({ a: first.a, b: [first.b, ask("free.txt")] });
    const done = await rig.run(rig.tasks({ id: "a", files: ["z.txt"] }, { id: "b", files: ["y.txt"] }));
    expect(done.report).toMatchObject({ tasks_succeeded: 1, tasks_failed: 1 });
    expect(rig.show(done.report.branch ?? "", "z.txt")).toBe("a\n");
    expect(rig.startedAgents.toSorted()).toEqual(["a 1", "b 1", "b 2"]);
    rig.expectNothingLeft();
  },
);

seldom("extend_scope while aggregate_results works leaves the aggregation alone", async () => {
  await using rig = await Rig.create({ config: { scope_requests: "grant" } });
  rig.configure({ sandbox: "off", checks: { held: { command: rig.heldCommand } }, validate: ["held"] });
  rig.script({ a: line("a"), b: line("b") });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  const aggregated = chat.call("aggregate_results", { run_id });
  const check = await rig.control.held(HELD);
  const asked = { run_id, task_id: "a", files: ["free.txt"], reason: "needed" };
  expect(await chat.call("extend_scope", asked)).toMatchObject({ status: "granted" });
  expect(await chat.call("get_run", { run_id, wait_seconds: 0 })).toMatchObject({ state: "aggregating" });
  check.release();
  expect(await aggregated).toMatchObject({ status: "complete", report: { tasks_succeeded: 2 } });
  expect(await chat.call("get_run", { run_id })).toMatchObject({ state: "complete" });
  expect(rig.show(`forkjoin/${run_id}`, "b.txt")).toBe("b\nb\n");
});

seldom("analyze_dependencies beside execute_batch: the plan that is carried out is the plan on record", async () => {
  await using rig = await Rig.create();
  const gate = new GitGate(rig);
  rig.script({ a: line("a"), b: line("b") });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
  gate.arm(1);
  const analysed = chat.call("analyze_dependencies", { run_id, same_file: "optimistic" });
  await gate.holds(analysed);
  const executed = chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  await chat.call("get_run", { run_id, wait_seconds: 0 });
  gate.open();
  const [, started] = await Promise.all([analysed, executed]);
  if (started.error !== undefined) {
    expect(started.error).toMatchObject({ code: "wrong_phase", hint: "call plan_batches first" });
    await chat.call("plan_batches", { run_id });
    await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  }
  await expectAllLand(rig, chat, run_id, "a", "b");
  gate.close();
});

seldom("two add_tasks at once on a run that nobody carries out: both are in it", async () => {
  await using rig = await Rig.create();
  rig.script({ a: line("a"), b: line("b"), c: line("c") });
  await using chat = await ChatClient.connect(rig, ...ALL);
  const run_id = await planned(chat, [{ id: "a" }]);
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  const add = (id: string): Promise<CallAnswer> =>
    chat.call("add_tasks", { run_id, tasks: [{ id, description: "More", files: [`${id}.txt`] }] });
  const added = await Promise.all([add("b"), add("c")]);
  expect(added).toMatchObject([{ added: ["b"] }, { added: ["c"] }]);
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  await expectAllLand(rig, chat, run_id, "a", "b", "c");
});

test("cancel_run while execute_batch begins: both callers hear that the run is cancelled", async () => {
  await using rig = await Rig.create();
  const gate = new GitGate(rig);
  rig.script({ a: [hold, ...line("a")] });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  gate.arm(1);
  const executed = chat.call("execute_batch", { run_id, batch_id: "all" });
  await gate.holds(executed);
  const cancelled = chat.call("cancel_run", { run_id });
  await chat.call("get_run", { run_id, wait_seconds: 0 });
  gate.open();
  const [begun, ended] = await Promise.all([executed, cancelled]);
  expect(ended.error).toBeUndefined();
  expect(ended.summary).toContain("is cancelled");
  if (begun.error !== undefined) expect(begun.error.message).toContain("cancelled");
  expect(await chat.call("get_run", { run_id })).toMatchObject({ state: "cancelled" });
  expect(rig.workspaces()).toEqual([]);
  gate.close();
});

test("cancel while a piece of work is still being prepared: it is cancelled as soon as it begins, and nobody hears that the run is busy", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [hold, ...line("a")] });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  const [here, elsewhere] = [(await rig.compose()).orchestrator, (await rig.compose()).orchestrator];
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const begun = here.live.start(run_id, "execute", async ({ session }) => {
    await gate;
    session.record({ transition: "execute" });
    return ok(async (signal) => {
      if (!signal.aborted) await once(signal, "abort");
      return "idle";
    });
  });
  const cancelled = [here.cancel(run_id, "enough"), elsewhere.cancel(run_id, "enough")];
  expect(await cancelled[0]).toMatchObject({ ok: true });
  go();
  expect(await cancelled[1]).toMatchObject({ ok: true });
  await begun;
  await here.live.wait(run_id, 10_000);
  expect(await chat.call("get_run", { run_id })).toMatchObject({ state: "cancelled" });
});

const LIBSQL = createRequire(import.meta.url).resolve("libsql");
const LOCK = `
const Database = require(${JSON.stringify(LIBSQL)});
const database = new Database(process.argv[1]);
database.exec("BEGIN EXCLUSIVE");
console.log("locked");
process.stdin.once("data", () => setTimeout(() => { database.exec("COMMIT"); console.log("free"); }, 8000));
`;

/** Another program holds the store for 8 s from the moment it is told to count. */
async function lockStore(rig: Rig): Promise<{ count(): void; free: Promise<unknown>; locker: ChildProcess }> {
  const locker = spawn(process.execPath, ["-e", LOCK, join(rig.home, "forkjoin.db")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(locker.stdout, "data");
  return { count: () => void locker.stdin.write("\n"), free: once(locker.stdout, "data"), locker };
}

seldom(
  "a store that another program locks for 8 s while a run executes: the server lives and the run ends well",
  async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, ...line("a")], b: [hold, ...line("b")] });
    await using chat = await ChatClient.connect(rig);
    const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
    await chat.call("execute_batch", { run_id, batch_id: "all" });
    const agents = await rig.control.all("a", "b");
    const { count, free, locker } = await lockStore(rig);
    for (const agent of agents) agent.release();
    count();
    await free;
    locker.kill();
    let answer = await chat.call("get_run", { run_id, wait_seconds: 20 });
    for (let steps = 0; steps < 10 && answer.state !== "complete"; steps += 1) {
      const { tool, arguments: args } = answer.next ?? { tool: "get_run", arguments: { run_id } };
      for (const name of ["a", "b"]) void rig.control.held(name, 2).then((agent) => agent.release());
      await chat.call(tool, args);
      answer = await chat.call("get_run", { run_id, wait_seconds: 20 });
    }
    expect(answer).toMatchObject({ state: "complete" });
    for (const name of ["a", "b"]) expect(rig.show(`forkjoin/${run_id}`, `${name}.txt`)).toBe(`${name}\n${name}\n`);
    expect(rig.workspaces()).toEqual([]);
  },
);

test("a start that fails leaves the run to whoever comes next", async () => {
  await using rig = await Rig.create();
  rig.script({ a: line("a") });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  const { orchestrator } = await rig.compose();
  const { ports } = orchestrator;
  const full = failure("storage_failed", "the disk is full", "make room");
  const store: typeof ports.store = {
    ...ports.store,
    apply: (token, change) => (change.transition === "execute" ? err(full) : ports.store.apply(token, change)),
  };
  const broken = new Orchestrator({ ...ports, store });
  expect(await broken.execute(run_id, "all")).toMatchObject({ ok: false, error: { code: "storage_failed" } });
  expect(broken.live.isLive(run_id)).toBe(false);
  expect(ports.store.run(run_id)?.owner).toBeUndefined();
  await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
  await expectAllLand(rig, chat, run_id, "a");
});

test("scope requests of two processes at the same moment: a file is granted once, and no answer is overwritten", async () => {
  await using rig = await Rig.create({ config: { scope_requests: "grant" } });
  const gate = new GitGate(rig);
  rig.script({ a: [hold, ...line("a")], b: [hold, ...line("b")] });
  await using one = await ChatClient.connect(rig);
  const run_id = await planned(one, [{ id: "a" }, { id: "b" }]);
  await one.call("execute_batch", { run_id, batch_id: "all" });
  await rig.control.all("a", "b");
  await using other = await ChatClient.connect(rig);
  gate.arm(1);
  const asked = one.call("extend_scope", { run_id, task_id: "a", files: ["free.txt"], reason: "needed" });
  await gate.holds(asked);
  const faster = await other.call("extend_scope", { run_id, task_id: "b", files: ["free.txt"], reason: "needed" });
  gate.open();
  const answers = [await asked, faster];
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["granted", "refused"]);
  expect(answers.map(({ request_id }) => request_id)).toEqual(["scope:a:1", "scope:b:1"]);
  for (const agent of await rig.control.all("a", "b")) agent.release();
  await one.call("get_run", { run_id, wait_seconds: 30 });
  await expectAllLand(rig, one, run_id, "a", "b");
  gate.close();
});
