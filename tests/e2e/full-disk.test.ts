/** A disk that is full in the middle of a run: a failed task with its reason, or a run that stops and can go on; never half a branch. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, hold, write } from "../rig/steps.ts";

const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0;

/** FORKJOIN_HOME on a file system of 4 MB while `use` runs. */
async function onSmallDisk(rig: Rig, use: () => Promise<void>): Promise<void> {
  mkdirSync(rig.home);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", rig.home]);
  try {
    await use();
  } finally {
    execFileSync("umount", ["--lazy", rig.home]);
    rmSync(rig.home, { recursive: true });
  }
}

describe.skipIf(!CAN_MOUNT)("a disk that is full (needs root to mount a small one)", () => {
  test("fails the task that filled it, with the reason, and neither the others nor the branch", async () => {
    await using rig = await Rig.create({ config: { min_free_mb: 0 } });
    await onSmallDisk(rig, async () => {
      rig.script({ a: [write("a.txt", "x".repeat(8_000_000))], b: [append("b.txt", "b\n")] });
      const { code, report } = await rig.run(rig.tasks({ id: "a" }, { id: "b", conflicts_with: ["a"] }));
      expect(code).toBe(1);
      expect(report.tasks[0]?.error?.message).toContain("ENOSPC");
      expect(report).toMatchObject({ tasks_succeeded: 1, tasks_failed: 1 });
      expect(rig.show(`forkjoin/${report.run_id}`, "b.txt")).toBe("b\nb\n");
    });
  });

  seldom("fails a task whose workspace does not fit, and says where room is needed", async () => {
    await using rig = await Rig.create({ config: { min_free_mb: 0 } });
    rig.commit({ "big.bin": Buffer.alloc(6_000_000, 7) }, "Add a big file");
    await onSmallDisk(rig, async () => {
      const { code, report } = await rig.run(rig.tasks({ id: "a" }));
      expect(code).toBe(1);
      expect(report.tasks[0]?.error).toMatchObject({
        code: "workspace_failed",
        hint: expect.stringContaining(rig.home),
      });
      expect(report.branch).toBeNull();
      rig.expectNothingLeft();
    });
  });

  test("that leaves no room for anything ends the run without a branch, a process or a crash", async () => {
    await using rig = await Rig.create({ config: { min_free_mb: 0 } });
    await onSmallDisk(rig, async () => {
      const [first, later] = [[hold, write("a.txt", "x\n")], [write("a.txt", "x\n")]];
      rig.script({ a: [first, later], b: [first, later] });
      const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b" }));
      const runId = await run.runId();
      const agents = await rig.control.all("a", "b");
      const filler = await filled(rig.home);
      for (const agent of agents) agent.release();
      const stopped = await run.done;
      process.kill(-(filler.pid ?? 0), "SIGKILL");
      expect(stopped.code).toBe(1);
      expect(Object.keys(stopped.json)).not.toEqual([]);
      expect(stopped.stderr).not.toContain("    at ");
      expect(rig.processes().filter((line) => /agent\.mjs|cli\.js/.test(line))).toEqual([]);
      expect(rig.git("branch", "--list", "forkjoin/*")).toBe("");
      rmSync(join(rig.home, "ballast"));
      const status = await rig.cli(["status", runId, "--json"]);
      expect(status.json.state).toMatch(/^(failed|interrupted)$/);
    });
  });
});

/** A process that takes every free block, also those that are freed later; it is back once there is none left. */
async function filled(folder: string): Promise<ChildProcess> {
  const script = "while :; do cat /dev/zero >> ballast; done 2>/dev/null";
  const filler = spawn("sh", ["-c", script], { cwd: folder, stdio: "ignore", detached: true });
  while (statfsSync(folder).bavail > 0) await delay(5);
  return filler;
}
