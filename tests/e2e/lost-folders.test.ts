/** Folders that vanish or fill under a run: said in one line, without a stack trace, and what can go on goes on. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ChatClient } from "../mcp/mcp-client.ts";
import { planned } from "../rig/chat-work.ts";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, hold, type Step } from "../rig/steps.ts";

const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0;

const line = (name: string): Step[] => [append(`${name}.txt`, `${name}\n`)];

test("the workspace of a running agent: that attempt fails with its reason, the next one lands", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [[hold], line("a")], b: line("b") });
  const started = rig.startRun(rig.tasks({ id: "a" }, { id: "b" }));
  const agent = await rig.control.held("a");
  rmSync(agent.directory, { recursive: true });
  agent.release();
  const done = await started.done;
  expect(done.stderr).not.toContain("    at ");
  expect(done.report.tasks.map(({ task_id }) => task_id)).toEqual(["a", "b"]);
  expect(rig.show(done.report.branch ?? "", "b.txt")).toBe("b\nb\n");
  expect(rig.show(done.report.branch ?? "", "a.txt")).toBe("a\na\n");
  rig.expectNothingLeft();
});

seldom("all workspaces, between two batches: the next batch has its own", async () => {
  await using rig = await Rig.create();
  rig.script({ a: line("a"), b: line("b") });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }, { id: "b", depends_on: ["a"] }]);
  await chat.call("execute_batch", { run_id, wait_seconds: 30 });
  rmSync(join(rig.home, "workspaces"), { recursive: true, force: true });
  await chat.call("execute_batch", { run_id, wait_seconds: 30 });
  expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ status: "complete" });
  expect(rig.show(`forkjoin/${run_id}`, "b.txt")).toBe("b\nb\n");
});

test("the state folder, while `forkjoin run` works: one line that names the file, no stack trace, no process", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [hold, ...line("a")] });
  const started = rig.startRun(rig.tasks({ id: "a" }));
  const agent = await rig.control.held("a");
  rmSync(rig.home, { recursive: true });
  agent.release();
  const done = await started.done;
  expect(done.code).not.toBe(0);
  expect(`${done.stdout}${done.stderr}`).not.toContain("    at ");
  expect(done.failure.message).not.toContain("\n");
  expect(done.failure.message).toContain(rig.home);
  expect(rig.git("branch", "--list", "forkjoin/*")).toBe("");
  expect(rig.processes().filter((entry) => /agent\.mjs|cli\.js/.test(entry))).toEqual([]);
});

test("the state folder, under a server: every call says so in one line, and the server lives", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [hold, ...line("a")] });
  await using chat = await ChatClient.connect(rig, "--toolset", "all");
  const run_id = await planned(chat, [{ id: "a" }]);
  await chat.call("execute_batch", { run_id, batch_id: "all" });
  const agent = await rig.control.held("a");
  rmSync(rig.home, { recursive: true });
  agent.release();
  const tasks = [{ id: "b", description: "More", files: ["b.txt"] }];
  const added = await chat.call("add_tasks", { run_id, tasks });
  const cancelled = await chat.call("cancel_run", { run_id });
  const shown = await chat.call("get_run", { run_id, wait_seconds: 1 });
  for (const { error } of [added, cancelled]) {
    expect(error?.message).toContain(`${rig.home}/forkjoin.db cannot be used: it was deleted or moved away`);
    expect(error?.hint).toContain("Put it back");
  }
  expect(shown).toMatchObject({
    state: "interrupted",
    summary: expect.stringContaining("it was deleted or moved away"),
  });
  for (const { summary } of [added, cancelled, shown]) expect(summary).not.toMatch(/\n|\.\./);
  expect((await chat.client.listTools()).tools.length).toBeGreaterThan(10);
});

describe.skipIf(!CAN_MOUNT)("a state folder on a full disk (needs root to mount a small one)", () => {
  seldom("under a server: each call says so, and with room again the same run ends well", async () => {
    await using rig = await Rig.create({ config: { min_free_mb: 0 } });
    await onSmallDisk(rig, async (ballast) => {
      rig.script({ a: line("a"), b: line("b") });
      await using chat = await ChatClient.connect(rig, "--toolset", "all");
      const run_id = await planned(chat, [{ id: "a" }]);
      fill(rig.home, ballast);
      const tasks = [{ id: "b", description: "More", files: ["b.txt"] }];
      const said = [
        await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 20 }),
        await chat.call("add_tasks", { run_id, tasks }),
        await chat.call("get_run", { run_id, wait_seconds: 20 }),
      ];
      expect(said[1]?.error).toMatchObject({ code: "storage_failed" });
      for (const answer of said) expect(JSON.stringify(answer)).not.toMatch(/ {4}at |internal_error/);
      rmSync(ballast);
      expect(await chat.call("add_tasks", { run_id, tasks })).toMatchObject({ added: ["b"] });
      await chat.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
      expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ status: "complete" });
      for (const name of ["a", "b"]) expect(rig.show(`forkjoin/${run_id}`, `${name}.txt`)).toBe(`${name}\n${name}\n`);
    });
  });

  seldom(
    "while an agent works: with room again nothing is held by work that has ended, here or for another server",
    async () => {
      await using rig = await Rig.create({ config: { min_free_mb: 0, max_parallel: 1 } });
      await onSmallDisk(rig, async (ballast) => {
        rig.script({ a: [[hold, ...line("a")], line("a")], b: line("b") });
        await using chat = await ChatClient.connect(rig, "--toolset", "all");
        await using other = await ChatClient.connect(rig, "--toolset", "all");
        const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
        await chat.call("execute_batch", { run_id, batch_id: "all" });
        const agent = await rig.control.held("a");
        fill(rig.home, ballast);
        agent.release();
        const stopped = await chat.call("get_run", { run_id, wait_seconds: 20 });
        expect(stopped).toMatchObject({ state: "interrupted", next: { tool: "execute_batch" } });
        rmSync(ballast);
        for (let state: unknown = "executing"; state === "executing"; ) {
          ({ state } = await other.call("get_run", { run_id, wait_seconds: 1 }));
        }
        await other.call("execute_batch", { run_id, batch_id: "all", wait_seconds: 30 });
        expect(await other.call("aggregate_results", { run_id })).toMatchObject({
          status: "complete",
          report: { tasks_succeeded: 2 },
        });
        expect(await chat.call("get_run", { run_id })).toMatchObject({ state: "complete" });
        expect(rig.workspaces()).toEqual([]);
      });
    },
  );
});

/** FORKJOIN_HOME on a file system of 4 MB while `use` runs. */
async function onSmallDisk(rig: Rig, use: (ballast: string) => Promise<void>): Promise<void> {
  mkdirSync(rig.home);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", rig.home]);
  try {
    await use(join(rig.home, "ballast"));
  } finally {
    execFileSync("umount", ["--lazy", rig.home]);
    rmSync(rig.home, { recursive: true });
  }
}

/** Not a block is free afterwards. */
function fill(folder: string, file: string): void {
  const block = Buffer.alloc(4096);
  try {
    while (statfsSync(folder).bavail > 0) writeFileSync(file, block, { flag: "a" });
  } catch {
    // The disk is full.
  }
}
