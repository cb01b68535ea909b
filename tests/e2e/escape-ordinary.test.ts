/** The escape suite once more as an ordinary user, where the tests run as root: for root the system has other rules. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { seldom } from "../rig/extent.ts";
import { SANDBOX } from "../rig/sandbox.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
/** The checkout may lie in a home that nobody else enters: mounted elsewhere, for these processes alone, it can be read. */
const ELSEWHERE = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /mnt && cd /mnt && exec "$@"', ROOT];
const TIMEOUT = 400_000;

function asNobody(...command: string[]): [string, string[]] {
  const [program = "", ...args] = [...ELSEWHERE, ...NOBODY, ...command];
  return [program, args];
}

seldom(
  "an ordinary user's agents are kept in as root's are",
  async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("the whole suite runs as an ordinary user here");
    if (!SANDBOX.works) skip(SANDBOX.why);
    const tried = spawnSync(...asNobody(process.execPath, "-e", "require('fs').readFileSync('package.json')"));
    if (tried.status !== 0) skip(`no ordinary user can run it here: ${tried.stderr}`);
    const run = [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--configLoader=runner",
      "--cache=false",
      "tests/e2e/escape.test.ts",
      "-t",
    ];
    const [program, args] = asNobody(process.execPath, ...run, "is closed by the sandbox");
    const env = { PATH: process.env.PATH, HOME: "/nonexistent", NO_COLOR: "1", FORKJOIN_TESTS: "all" };
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code, Buffer.concat(output).toString().slice(-5_000)).toBe(0);
  },
  TIMEOUT + 20_000,
);
