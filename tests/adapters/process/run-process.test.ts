/** One command as a real process: how it ends, what of its output is kept, and that nothing of it stays. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ProcessOutcome, type ProcessRequest, runProcess } from "../../../src/adapters/process/run-process.ts";
import { CAN_SEE_PROCESSES, processesOf } from "../../rig/processes.ts";

class Place {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-process-")));

  async run(command: string[], more: Partial<ProcessRequest> = {}, signal?: AbortSignal): Promise<ProcessOutcome> {
    const env = { PATH: process.env.PATH ?? "" };
    const fixed = { directory: this.folder, env, log_file: this.log, timeout_ms: 60_000, mark: this.folder };
    return runProcess({ command, ...fixed, ...more }, signal ?? new AbortController().signal);
  }

  async sh(script: string, more: Partial<ProcessRequest> = {}, signal?: AbortSignal): Promise<ProcessOutcome> {
    return this.run(["sh", "-c", script], more, signal);
  }

  get log(): string {
    return join(this.folder, "log");
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("a process", () => {
  test("ends with its exit code, and both its outputs are in the log", async () => {
    using place = new Place();
    expect(await place.sh("echo out; echo err >&2; exit 3")).toMatchObject({ end: "exited", code: 3 });
    expect(readFileSync(place.log, "utf8").split("\n").sort()).toEqual(["", "err", "out"]);
  });

  test("ends with the signal that killed it", async () => {
    using place = new Place();
    expect(await place.sh("kill -9 $$")).toMatchObject({ end: "exited", code: null, signal: "SIGKILL" });
  });

  test("has no standard input to wait for", async () => {
    using place = new Place();
    expect(await place.run(["cat"])).toMatchObject({ end: "exited", code: 0, tail: "" });
  });

  test.each([
    ["a program that is not there", ["no-such-program"]],
    ["a NUL among its arguments", ["sh", "-c", "a\0b"]],
    ["more text than a command line takes", ["sh", "-c", "x".repeat(3_000_000)]],
  ])("is not started with %s, and the outcome says so", async (_, command) => {
    using place = new Place();
    expect(await place.run(command)).toMatchObject({ end: "not_started", cause: expect.any(String) });
  });

  test("is not started when the work was cancelled before", async () => {
    using place = new Place();
    expect(await place.sh("echo ran", {}, AbortSignal.abort())).toMatchObject({ end: "cancelled", tail: "" });
  });

  test("cannot write more than 10 MB of log, and its last words are kept", async () => {
    using place = new Place();
    const outcome = await place.sh("head -c 15000000 /dev/zero | tr '\\0' x; echo; echo last words");
    expect(outcome.tail).toMatch(/last words\n$/);
    expect(outcome.tail.length).toBeLessThanOrEqual(8 * 1024);
    expect(statSync(place.log).size).toBeLessThan(10.1 * 1024 * 1024);
    expect(readFileSync(place.log, "utf8")).toMatch(/\[log cut after 10485760 bytes\]\n$/);
  });
});

describe.skipIf(!CAN_SEE_PROCESSES)("what it started (needs /proc to see what is left)", () => {
  const TREE = "sleep 600 & setsid sleep 600 & (trap '' TERM; sleep 600) & (setsid sh -c 'sleep 600 & sleep 600' &) ;";

  test("is gone when it has exited, though it held the pipes open", async () => {
    using place = new Place();
    expect(await place.sh(`${TREE} exit 0`)).toMatchObject({ end: "exited", code: 0 });
    expect(processesOf(place.folder)).toEqual([]);
  });

  test("is gone after the time-out", async () => {
    using place = new Place();
    const outcome = await place.sh(`${TREE} wait`, { timeout_ms: 200 });
    expect(outcome.end).toBe("timed_out");
    expect(processesOf(place.folder)).toEqual([]);
  });

  test("is gone after a cancellation", async () => {
    using place = new Place();
    const controller = new AbortController();
    const started = (): void => controller.abort();
    expect((await place.sh("trap 'exit 0' TERM; sleep 600 & wait", { started }, controller.signal)).end).toBe(
      "cancelled",
    );
    expect(processesOf(place.folder)).toEqual([]);
  });

  test("is gone when it could not be put on record, and the reason is thrown on", async () => {
    using place = new Place();
    const started = (): void => {
      throw new Error("the disk is full");
    };
    await expect(place.sh("sleep 600", { started })).rejects.toThrow("the disk is full");
    expect(processesOf(place.folder)).toEqual([]);
  });

  test("does not take a neighbour along whose folder begins with the same letters", async () => {
    using place = new Place();
    const controller = new AbortController();
    const [mark, other] = [join(place.folder, "a"), join(place.folder, "a2")];
    const up = withResolvers();
    const log_file = join(place.folder, "other.log");
    const neighbour = place.sh("exec sleep 600", { mark: other, log_file, started: up.resolve }, controller.signal);
    await up.promise;
    await place.sh("exit 0", { mark });
    expect(processesOf(place.folder)).toHaveLength(1);
    controller.abort();
    expect((await neighbour).end).toBe("cancelled");
  });
});

/** Node 20 has no Promise.withResolvers. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
