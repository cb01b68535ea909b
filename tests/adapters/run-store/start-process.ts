/** Starts store-process.mjs and lets a test follow and kill it; nothing here waits for time to pass. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Run } from "../../../src/core/model/run.ts";
import type { RunOwner } from "../../../src/core/model/run-owner.ts";
import { sampleAttempt } from "../../contracts/run-store.samples.ts";

const SCRIPT = fileURLToPath(new URL("store-process.mjs", import.meta.url));

export interface Job {
  job: "write" | "acquire";
  file: string;
  run: Run;
  changes?: number;
  owner: RunOwner;
}

export interface StoreProcess {
  child: ChildProcess;
  /** resolves when it has printed `count` lines, or is gone; after the first it is up and waits for `go` */
  reached(count: number): Promise<void>;
  go(): void;
  /** resolves to all it said, once it is gone and its output was read to the end */
  ended: Promise<unknown[]>;
}

/** `onLine` hears how many lines there are after each one. `prefix` is a command that runs the process, such as a shell with limits. */
export function startProcess(
  job: Job,
  onLine: (count: number) => void = () => {},
  prefix: string[] = [],
): StoreProcess {
  const [command = "", ...args] = [
    ...prefix,
    process.execPath,
    SCRIPT,
    JSON.stringify({ ...job, attempt: sampleAttempt() }),
  ];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const said: unknown[] = [];
  const lines = createInterface(child.stdout);
  lines.on("line", (line) => {
    said.push(JSON.parse(line));
    onLine(said.length);
  });
  const closed = Promise.all([once(child, "close"), once(lines, "close")]);
  return {
    child,
    reached: async (count) => {
      while (said.length < count && child.exitCode === null && child.signalCode === null) {
        await Promise.race([once(lines, "line"), closed]);
      }
    },
    go: () => child.stdin.write("go\n"),
    ended: closed.then(() => said),
  };
}
