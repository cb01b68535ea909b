/** Several processes on one run, and an owner that is frozen, killed, somewhere else in name, or whose clock is wrong: the run ends with everything. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type CallAnswer, ChatClient } from "../mcp/mcp-client.ts";
import { Claim, claim, edit, planned, submit } from "../rig/chat-work.ts";
import { few, seldom } from "../rig/extent.ts";
import { CAN_SEE_PROCESSES, gone } from "../rig/processes.ts";
import { Rig } from "../rig/rig.ts";
import { append, hold, type Step } from "../rig/steps.ts";

const ALL = ["--toolset", "all"];
const CLIENT = { agents: {}, default_agent: "client" };

const line = (name: string): Step[] => [append(`${name}.txt`, `${name}\n`)];

async function firstClaim(chat: ChatClient, run_id: string): Promise<Claim> {
  const { claims } = await chat.call("execute_batch", { run_id, batch_id: "all" });
  const [first] = z.array(Claim).parse(claims);
  if (first === undefined) throw new Error("no claim");
  return first;
}

/** Follows the run until it is idle, and aggregates. */
async function landed(chat: ChatClient, run_id: string): Promise<CallAnswer> {
  for (let answer = await chat.call("get_run", { run_id }); answer.state === "executing"; ) {
    answer = await chat.call("get_run", { run_id });
  }
  return chat.call("aggregate_results", { run_id });
}

function expectLanded(rig: Rig, run_id: string, ...names: string[]): void {
  for (const name of names) expect(rig.show(`forkjoin/${run_id}`, `${name}.txt`)).toBe(`${name}\n${name}\n`);
  expect(rig.workspaces()).toEqual([]);
}

describe("several servers on one run", () => {
  test("what the second and third one ask of it, its owner does; killed, one of them goes on", async () => {
    await using rig = await Rig.create();
    const steps = [[hold], [hold]].map((held, index) => [...held, ...line(index === 0 ? "a" : "b")]);
    rig.script({ a: steps[0] ?? [], b: steps[1] ?? [], c: line("c") });
    const owner = await ChatClient.connect(rig, ...ALL);
    const run_id = await planned(owner, [{ id: "a" }, { id: "b" }]);
    await owner.call("execute_batch", { run_id, batch_id: "all" });
    await rig.control.all("a", "b");
    await using second = await ChatClient.connect(rig, ...ALL);
    await using third = await ChatClient.connect(rig, ...ALL);
    const tasks = [{ id: "c", description: "More", files: ["c.txt"] }];
    expect(await second.call("add_tasks", { run_id, tasks })).toMatchObject({ added: ["c"], taken_up: false });
    const busy = await third.call("execute_batch", { run_id, batch_id: "all" });
    expect(busy.error).toMatchObject({ code: "run_busy", hint: expect.stringContaining("get_run") });
    process.kill(owner.pid, "SIGKILL");
    await gone(owner.pid);
    const [one, other] = await Promise.all(
      [second, third].map((chat) => chat.call("execute_batch", { run_id, batch_id: "all" })),
    );
    expect([one, other].filter((answer) => answer?.error === undefined)).toHaveLength(1);
    for (const name of ["a", "b"]) (await rig.control.held(name, 2)).release();
    const [winner, loser] = one?.error === undefined ? [second, third] : [third, second];
    await winner.call("get_run", { run_id, wait_seconds: 30 });
    expect(await landed(loser, run_id)).toMatchObject({ status: "complete", report: { tasks_succeeded: 3 } });
    expectLanded(rig, run_id, "a", "b", "c");
  });

  seldom("one that is killed before it comes to what was asked of it: the next one does", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, ...line("a")], c: line("c") });
    const owner = await ChatClient.connect(rig, ...ALL);
    const run_id = await planned(owner, [{ id: "a" }]);
    await owner.call("execute_batch", { run_id, batch_id: "all" });
    await rig.control.held("a");
    await using second = await ChatClient.connect(rig, ...ALL);
    await second.call("add_tasks", { run_id, tasks: [{ id: "c", description: "More", files: ["c.txt"] }] });
    await second.call("pause_run", { run_id });
    process.kill(owner.pid, "SIGKILL");
    await gone(owner.pid);
    expect(await second.call("get_run", { run_id })).toMatchObject({ state: "interrupted" });
    await second.call("execute_batch", { run_id, batch_id: "all" });
    (await rig.control.held("a", 2)).release();
    expect(await landed(second, run_id)).toMatchObject({ status: "complete" });
    expectLanded(rig, run_id, "a", "c");
  });
});

describe.skipIf(!CAN_SEE_PROCESSES)("an owner that is frozen for longer than a lease", () => {
  seldom("is not taken for dead; when it goes on, the client's late work is kept and its task done again", async () => {
    await using rig = await Rig.create({ config: { ...CLIENT, lease: "4s" } });
    await using owner = await ChatClient.connect(rig, ...ALL);
    const run_id = await planned(owner, [{ id: "a" }]);
    const first = await firstClaim(owner, run_id);
    edit(first, "a.txt", "a\nlate\n");
    process.kill(owner.pid, "SIGSTOP");
    await using second = await ChatClient.connect(rig, ...ALL);
    const seen = await second.call("get_run", { run_id, wait_seconds: 5 });
    expect(seen).toMatchObject({ state: "executing" });
    const busy = await second.call("aggregate_results", { run_id });
    expect(busy.error?.code).toBe("run_busy");
    const late = await submit(second, first);
    expect(late.error).toMatchObject({ code: "lease_expired", hint: expect.stringContaining("claim_task") });
    const tasks = [{ id: "c", description: "More", files: ["c.txt"] }];
    expect(await second.call("add_tasks", { run_id, tasks })).toMatchObject({ added: ["c"] });
    process.kill(owner.pid, "SIGCONT");
    for (let tasks = 0; tasks < 2; tasks += 1) {
      const again = await claim(second, { run_id });
      edit(again, `${again.task_id}.txt`, `${again.task_id}\n${again.task_id}\n`);
      expect(await submit(second, again)).toMatchObject({ status: "accepted" });
    }
    expect(await landed(second, run_id)).toMatchObject({ status: "complete", report: { tasks_succeeded: 2 } });
    expect(rig.show(`refs/forkjoin/${run_id}/rejected/a/1`, "a.txt")).toBe("a\nlate\n");
    expectLanded(rig, run_id, "a", "c");
  });
});

/** Shifts the clock of a process by as many milliseconds as its file says. */
const SHIFT = `
import { readFileSync } from "node:fs";
const now = Date.now;
Date.now = () => now() + Number(readFileSync(process.env.SHIFT_FILE, "utf8"));
`;

describe("a clock that steps", () => {
  test.each(few(1, [3_600_000, -3_600_000]))(
    "by %i ms while a client and an agent work: nothing is lost",
    async (step) => {
      await using rig = await Rig.create({ config: { lease: "30min" } });
      const clock = rig.file("shift", "0");
      rig.env.SHIFT_FILE = clock;
      rig.env.NODE_OPTIONS = `--import=${rig.file("shift.mjs", SHIFT)}`;
      rig.script({ a: [hold, ...line("a")], b: line("b") });
      await using chat = await ChatClient.connect(rig);
      const run_id = await planned(chat, [{ id: "a" }, { id: "c", agent: "client" }, { id: "b", depends_on: ["a"] }]);
      const work = await firstClaim(chat, run_id);
      const agent = await rig.control.held("a");
      edit(work, "c.txt", "c\nc\n");
      writeFileSync(clock, String(step));
      agent.release();
      const handed = await submit(chat, work);
      if (handed.error !== undefined) {
        expect(handed.error.code).toBe("lease_expired");
        const again = await claim(chat, { run_id, task_id: "c" });
        edit(again, "c.txt", "c\nc\n");
        expect(await submit(chat, again)).toMatchObject({ status: "accepted" });
        expect(rig.show(`refs/forkjoin/${run_id}/rejected/c/1`, "c.txt")).toBe("c\nc\n");
      }
      expect(await landed(chat, run_id)).toMatchObject({ status: "complete", report: { tasks_succeeded: 3 } });
      expectLanded(rig, run_id, "a", "b", "c");
      expect((await chat.call("get_run", { run_id, include: ["results", "log"] })).error).toBeUndefined();
    },
  );
});

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const NAMESPACES = ["--pid", "--fork", "--kill-child", "--uts", "--mount-proc"];
const CAN_UNSHARE = CAN_SEE_PROCESSES && spawnSync("unshare", [...NAMESPACES, "true"]).status === 0;

/** The command line under another host name, in a pid namespace of its own, as in a container. */
function elsewhere(rig: Rig, args: string[]): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: `${rig.folder}/user`, FORKJOIN_HOME: rig.home };
  const script = 'hostname elsewhere; exec "$@"';
  const command = [...NAMESPACES, "sh", "-c", script, "sh", process.execPath, CLI, ...args];
  return spawn("unshare", command, { env, stdio: ["ignore", "pipe", "inherit"] });
}

describe.skipIf(!CAN_UNSHARE)("an owner in another pid namespace, under another host name (needs unshare)", () => {
  test("is seen to live while it lives, and is resumed once it is killed", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, ...line("a")], b: line("b") });
    const owner = elsewhere(rig, ["run", "--json", "--tasks", rig.tasks({ id: "a" }, { id: "b" }), ...rig.usual]);
    const agent = await rig.control.held("a");
    const composed = await rig.compose();
    const run_id = composed.orchestrator.ports.store.runs(1)[0]?.run_id ?? "";
    expect((await rig.cli(["status", run_id, "--json"])).json).toMatchObject({ state: "executing" });
    const resumed = await rig.resume(run_id);
    expect(resumed.failure).toMatchObject({ code: "run_busy" });
    const inside = elsewhere(rig, ["status", run_id, "--json"]);
    let said = "";
    inside.stdout?.on("data", (text) => {
      said += text;
    });
    await once(inside, "close");
    expect(JSON.parse(said)).toMatchObject({ state: "executing" });
    owner.kill("SIGKILL");
    await once(owner, "exit");
    void agent;
    const going = rig.start(["resume", run_id, "--json", "--config", rig.configFile]);
    (await rig.control.held("a", 2)).release();
    const done = await going.done;
    expect(done.report).toMatchObject({ tasks_succeeded: 2 });
    expectLanded(rig, run_id, "a", "b");
  });
});
