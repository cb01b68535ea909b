/** The live view on a real pseudo-terminal: no frame is wider or higher than the window, what runs is always there, and Ctrl-C ends it with a true last frame. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { describeSeldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, hold, type Step } from "../rig/steps.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const HAS_SCRIPT = spawnSync("script", ["--version"]).status === 0;

/** A command on a terminal of its own, of that size. */
class Terminal {
  readonly done: Promise<number | null>;
  readonly #process: ChildProcess;
  #output = "";

  constructor(rig: Rig, size: { columns: number; rows: number }, args: string[]) {
    const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ");
    const sized = `stty cols ${size.columns} rows ${size.rows}; exec ${command}`;
    const env = {
      PATH: process.env.PATH,
      TERM: "xterm-256color",
      HOME: join(rig.folder, "user"),
      FORKJOIN_HOME: rig.home,
    };
    const child = spawn("script", ["--quiet", "--flush", "--return", "--command", sized, "/dev/null"], {
      cwd: rig.folder,
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process = child;
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      this.#output += text;
    });
    this.done = new Promise((resolve) => child.once("close", resolve));
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when a line of what was drawn looks like this. */
  async shows(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(stripVTControlCharacters(this.#output))) resolve();
      };
      look();
      this.#process.stdout?.on("data", look);
      void this.done.then(() => reject(new Error(`never shown: ${pattern}: ${this.#output}`)));
    });
  }

  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }
}

const CTRL_C = "\u0003";
const MANY = Array.from({ length: 22 }, (_, index) => `task-with-a-rather-long-name-${String(index).padStart(2, "0")}`);

/** util-linux's `script` makes the terminal. */
const onTerminal = test.skipIf(!HAS_SCRIPT);

describeSeldom("the live view on a terminal", () => {
  onTerminal("of 60 × 20 shows what runs, and wraps nothing", async () => {
    const size = { columns: 60, rows: 20 };
    await using rig = await Rig.create();
    const one = (id: string): Step[] => [append(`${id}.txt`, "x\n")];
    const [first = "", second = "", ...rest] = MANY;
    rig.script({
      [first]: [hold, ...one(first)],
      [second]: [exit(3)],
      ...Object.fromEntries(rest.map((id) => [id, one(id)])),
    });
    const tasks = rig.tasks(...MANY.map((id) => ({ id })));
    const terminal = new Terminal(rig, size, ["run", "--tasks", tasks, ...rig.usual]);
    const held = await rig.control.held(first);
    await terminal.shows(/ of 22 · [1-5] running/);
    held.release();
    expect(await terminal.done).toBe(1);
    const drawn = stripVTControlCharacters(terminal.output).split(/\r?\n/);
    const rows = drawn.filter((line) => /^[▶✔✘·–] /.test(line));
    expect(rows.length).toBeGreaterThan(size.rows);
    for (const row of rows) expect(row.length).toBeLessThan(size.columns);
    expect(rows.some((row) => row.startsWith("▶ task-with"))).toBe(true);
    expect(drawn.findLast((line) => line.includes(" of 22 · "))).toMatch(/^22 of 22 · 1 failed · .* so far$/);
  });

  onTerminal("that gets Ctrl-C keeps everything for resume", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, append("a.txt", "a\n")] });
    const args = ["run", "--tasks", rig.tasks({ id: "a" }), ...rig.usual];
    const once = new Terminal(rig, { columns: 80, rows: 24 }, args);
    await rig.control.held("a");
    once.type(CTRL_C);
    expect(await once.done).toBe(130);
    expect(stripVTControlCharacters(once.output)).toMatch(
      /was interrupted\s+everything done so far is kept: forkjoin resume/,
    );
    rig.expectNothingLeft();
  });
});
