/** A task's workspace, ref, process, ports and record come and go together: many at once, and when the coordinator is killed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { CAN_SEE_PROCESSES, gone } from "../rig/processes.ts";
import { Rig } from "../rig/rig.ts";
import { SANDBOX } from "../rig/sandbox.ts";
import { append, child, hold, sh, write } from "../rig/steps.ts";

const TEST_TIMEOUT = 180_000;
const ids = (count: number): string[] => [...Array(count).keys()].map((number) => `t${number}`);

function leftFolders(rig: Rig): string[] {
  return ["workspaces", "desks"].flatMap((name) => {
    const folder = join(rig.home, name);
    return existsSync(folder) ? readdirSync(folder) : [];
  });
}

describe.skipIf(!CAN_SEE_PROCESSES)("kill -9 of the coordinator (needs /proc to see what is left)", () => {
  const levels = SANDBOX.works ? ["required", "off"] : ["off"];
  test.each(few(1, levels))(
    "leaves no agent behind, and no work is lost, with sandbox: %s",
    async (sandbox) => {
      await using rig = await Rig.create({ config: { sandbox, max_parallel: 6 } });
      const tasks = ids(6);
      const steps = (id: string) => [child({ setsid: true, ignore_term: true }), write(`${id}.txt`, "half\n"), hold];
      rig.script(Object.fromEntries(tasks.map((id) => [id, steps(id)])));
      const run = rig.startRun(rig.tasks(...tasks.map((id) => ({ id }))));
      const runId = await run.runId();
      await rig.control.all(...tasks);
      const agents = rig.processes().map((line) => Number(line.split(" ")[0]));
      run.kill("SIGKILL");
      await run.done;
      if (sandbox === "required") for (const pid of agents) await gone(pid);
      const cleaned = await rig.cli(["clean", "--json", "--config", rig.configFile]);
      expect(cleaned.json).toEqual({ reaped: [{ run_id: runId, tasks }], removed: [], packages: [], unknown: [] });
      expect(rig.processes()).toEqual([]);
      expect(leftFolders(rig)).toEqual([]);
      for (const id of tasks) expect(rig.show(`refs/forkjoin/${runId}/lost/${id}/1`, `${id}.txt`)).toBe("half\n");
      const patch = readFileSync(join(rig.home, "logs", runId, "t0", "1.patch"), "utf8");
      expect(patch).toContain("+half");
      expect((await rig.cli(["clean", "--config", rig.configFile])).stdout.trim()).toBe("nothing to clean");
    },
    TEST_TIMEOUT,
  );
});

seldom(
  "many tasks at once leave nothing behind but their results",
  async () => {
    await using rig = await Rig.create({ config: { max_parallel: 20 } });
    const tasks = ids(20);
    rig.script(Object.fromEntries(tasks.map((id) => [id, [child({ setsid: true }), write(`${id}.txt`, "x\n")]])));
    const { code, report } = await rig.run(rig.tasks(...tasks.map((id) => ({ id }))));
    expect(code).toBe(0);
    expect(report.tasks_succeeded).toBe(20);
    rig.expectNothingLeft();
    expect(leftFolders(rig)).toEqual([]);
  },
  TEST_TIMEOUT,
);

describe("lanes", () => {
  test("give attempts that run at once different numbers and ports", async () => {
    await using rig = await Rig.create();
    const say = sh('echo "$FORKJOIN_LANE $FORKJOIN_PORT_BASE" > $FORKJOIN_TASK_ID.txt');
    rig.script({ a: [say, hold], b: [say, hold] });
    const run = rig.run(rig.tasks({ id: "a" }, { id: "b" }));
    for (const agent of await rig.control.all("a", "b")) agent.release();
    const { report } = await run;
    const lanes = ["a", "b"].map((id) => (rig.show(report.commit, `${id}.txt`) ?? "").trim().split(" ").map(Number));
    expect(lanes.map(([number]) => number).sort()).toEqual([0, 1]);
    expect(Math.abs((lanes[0]?.[1] ?? 0) - (lanes[1]?.[1] ?? 0))).toBeGreaterThanOrEqual(20);
  });

  seldom("are one limit for two processes that work on one repository", async () => {
    await using rig = await Rig.create({ config: { max_parallel: 1 } });
    rig.script({ a: [append("a.txt", "x\n"), hold], b: [append("b.txt", "x\n"), hold] });
    const first = rig.startRun(rig.tasks({ id: "a" }));
    const held = await rig.control.held("a");
    const second = rig.startRun(rig.tasks({ id: "b" }));
    await second.says(/batch 1/);
    expect(rig.control.waiting).toEqual(["a"]);
    held.release();
    (await rig.control.held("b")).release();
    expect([(await first.done).code, (await second.done).code]).toEqual([0, 0]);
    expect(rig.control.peak).toBe(1);
  });
});

test("nothing starts below the disk floor, the task says why, and goes on once there is room", async () => {
  await using rig = await Rig.create({ config: { min_free_mb: 1_000_000_000 } });
  rig.script({ a: [append("a.txt", "x\n")] });
  const { code, report } = await rig.run(rig.tasks({ id: "a" }));
  expect(code).toBe(1);
  expect(report.tasks[0]).toMatchObject({ status: "skipped", attempts: 0, error: { code: "workspace_failed" } });
  expect(report.tasks[0]?.error?.message).toContain("min_free_mb");
  expect(rig.startedAgents).toEqual([]);
  rig.configure({ min_free_mb: 0 });
  const resumed = await rig.resume(report.run_id);
  expect(resumed.report.tasks).toMatchObject([{ status: "success", attempts: 1 }]);
});

test("sandbox: required starts nothing where there is none, and says what to do; auto goes on and says verified", async () => {
  await using rig = await Rig.create({ config: { sandbox: "required" } });
  const bin = join(rig.folder, "bin");
  mkdirSync(bin);
  for (const name of ["git", "env", "sh"]) symlinkSync(programPath(name), join(bin, name));
  rig.env.PATH = bin;
  const refused = await rig.run(rig.tasks({ id: "a" }));
  expect(refused.code).toBe(2);
  expect(refused.failure).toMatchObject({ code: "sandbox_unavailable", message: expect.stringContaining("required") });
  expect(refused.failure.hint).toContain("bubblewrap");
  expect(rig.startedAgents).toEqual([]);
  rig.configure({ sandbox: "auto" });
  rig.script({ a: [append("a.txt", "x\n")] });
  const { report } = await rig.run(rig.tasks({ id: "a" }));
  expect(report.tasks[0]).toMatchObject({ status: "success", boundary: "verified" });
  const offline = { ...rig.scriptedAgent("1min"), network: false };
  rig.configure({ agents: { scripted: offline } });
  const promised = await rig.run(rig.tasks({ id: "a" }));
  expect(promised.failure).toMatchObject({ code: "sandbox_unavailable" });
  expect(promised.failure.message).toContain("agents.scripted.network");
});

function programPath(name: string): string {
  return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
}
