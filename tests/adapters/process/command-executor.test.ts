/** The executor over real processes: what can be started, and what a dead coordinator left. */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandExecutor } from "../../../src/adapters/process/command-executor.ts";
import { MARK } from "../../../src/adapters/process/kill-tree.ts";
import { identityOf, livenessByPid } from "../../../src/adapters/process/process-identity.ts";
import { bubblewrap } from "../../../src/adapters/sandbox/bubblewrap.ts";
import { CAN_SEE_PROCESSES, gone } from "../../rig/processes.ts";

const executor = commandExecutor(bubblewrap(join(tmpdir(), "forkjoin-no-home")));
const agent = (...command: string[]) => ({ command, env: [], timeout: "1min" });

function orphan(mark: string): ChildProcess {
  return spawn("sleep", ["600"], { detached: true, stdio: "ignore", env: { PATH: process.env.PATH, [MARK]: mark } });
}

describe("check", () => {
  test.each([["sh"], [process.execPath]])("finds %s", async (program) => {
    expect(await executor.check("x", agent(program), "off")).toMatchObject({ ok: true });
  });

  test.each([
    ["no-such-program", "install it, or correct agents.x.command"],
    ["./agent.sh", "write an absolute path"],
    ["/etc/passwd", "install it"],
    ["/etc", "install it"],
  ])("refuses %s", async (program, hint) => {
    const checked = await executor.check("x", agent(program), "off");
    expect(checked).toMatchObject({
      ok: false,
      error: { code: "agent_unavailable", hint: expect.stringContaining(hint) },
    });
  });
});

describe.skipIf(!CAN_SEE_PROCESSES)("reap (needs /proc to find marked processes)", () => {
  test("ends the process and whatever is marked with its folder or one below", async () => {
    const folder = `/tmp/forkjoin-reap-${process.pid}`;
    const [leader, child, below, other] = [folder, folder, `${folder}/task/1`, `${folder}2`].map(orphan);
    await executor.reap(folder, identityOf(leader?.pid ?? 0));
    for (const ended of [leader, child, below]) await gone(ended?.pid ?? 0);
    expect(livenessByPid(identityOf(other?.pid ?? 0))).toBe("alive");
    await executor.reap(`${folder}2`);
    await gone(other?.pid ?? 0);
  });

  test("leaves alone a process that only has the number of the lost one", async () => {
    const stranger = orphan("/somewhere/else");
    const identity = { ...identityOf(stranger.pid ?? 0), start_time: "1" };
    await executor.reap("/tmp/forkjoin-reap-nobody", identity);
    expect(livenessByPid(identityOf(stranger.pid ?? 0))).toBe("alive");
    stranger.kill("SIGKILL");
  });
});
