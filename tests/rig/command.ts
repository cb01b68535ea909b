/** The command line as a real process: started, watched, killed, and its answer read. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Failure } from "../../src/core/model/failure.ts";
import { Report } from "../../src/core/model/report.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export class Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(code: number | null, stdout: string, stderr: string) {
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The one JSON document on stdout. */
  get json(): Record<string, unknown> {
    return JSON.parse(this.stdout);
  }

  get report(): Report {
    const read = Report.safeParse(JSON.parse(this.stdout || "null"));
    if (read.success) return read.data;
    throw new Error(`no report on stdout: ${this.stdout}\n${this.stderr}`);
  }

  get failure(): Failure {
    return Failure.parse(this.json.error);
  }
}

export class Started {
  readonly done: Promise<Answer>;
  readonly pid: number;
  readonly #process: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    const child = spawn(process.execPath, [CLI, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.pid = child.pid ?? 0;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      this.#stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#stderr += text;
    });
    this.done = new Promise((resolve) => {
      child.once("close", (code) => resolve(new Answer(code, this.#stdout, this.#stderr)));
    });
  }

  /** Resolves when `pattern` has been printed, with its first group; rejects when the process ends without. */
  async says(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(`${this.#stdout}\n${this.#stderr}`);
        if (found !== null) resolve(found[1] ?? found[0]);
      };
      look();
      this.#process.stdout?.on("data", look);
      this.#process.stderr?.on("data", look);
      void this.done.then(() => reject(new Error(`it never said ${pattern}: ${this.#stdout}\n${this.#stderr}`)));
    });
  }

  /** Known as soon as the plan stands. */
  async runId(): Promise<string> {
    return this.says(/^run ([0-9a-f-]+)$/m);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}
