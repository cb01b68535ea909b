/** The place in which a scenario is played: a repository, a home and agents of its own, put back to its first state for each point. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Answer, Started } from "../command.ts";
import { git } from "../git.ts";
import { type Photograph, photograph } from "../photograph.ts";
import { processesOf } from "../processes.ts";
import type { Ended, Scenario } from "./scenario.ts";

const PRELOAD = new URL("durable-steps.mjs", import.meta.url).href;
const CLI = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const TIMEOUT_MS = 60_000;

/** Which process writes its steps down, and where it is to be killed, if anywhere. */
interface Arming {
  process: string;
  /** `17:before`, or `/pattern of the step's name/:before` */
  at?: string;
}

const Summary = z.object({ summary: z.string().optional() });

function documentIn(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

export class Room {
  readonly folder: string;
  readonly scenario: Scenario;
  /** what a chat client remembers from one server to the next */
  readonly notes = new Map<string, string>();
  #arming: Arming[] = [];
  #runId: string | undefined;
  #firstRun: string | undefined;
  #before: Photograph | undefined;

  constructor(folder: string, scenario: Scenario) {
    this.folder = folder;
    this.scenario = scenario;
  }

  get repository(): string {
    return join(this.folder, "repository");
  }

  get home(): string {
    return join(this.folder, "state");
  }

  get taskFile(): string {
    return join(this.folder, "tasks.yaml");
  }

  get configFile(): string {
    return join(this.folder, "config.yaml");
  }

  get configured(): string[] {
    return ["--json", "--config", this.configFile];
  }

  get usual(): string[] {
    return ["--repo", this.repository, ...this.configured];
  }

  /** Builds the first state and keeps it. */
  async prepare(): Promise<void> {
    const {
      files = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" },
      tasks,
      beside = {},
      prepared = [],
    } = this.scenario;
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text, { mode: 0o755 });
    };
    mkdirSync(join(this.folder, "user"), { recursive: true });
    for (const [path, text] of Object.entries(files)) put(`repository/${path}`, text);
    const whole = Array.isArray(tasks) ? { request: "Work", tasks } : tasks;
    put("tasks.yaml", JSON.stringify(whole));
    put("config.yaml", JSON.stringify(this.#configuration()));
    put("bin/forkjoin", this.#wrapper());
    for (const [path, text] of Object.entries(beside)) put(path, text);
    git(this.repository, "init", "--quiet", "--initial-branch=main");
    git(this.repository, "config", "user.name", "Ada");
    git(this.repository, "config", "user.email", "ada@example.org");
    git(this.repository, "add", "--all");
    git(this.repository, "commit", "--quiet", "--message", "Begin");
    for (const act of prepared) {
      const { code, said } = await act.begin(this);
      if (!act.exits.includes(code)) throw new Error(`${this.scenario.name}: ${act.name} ended with ${code}: ${said}`);
    }
    rmSync(this.#done, { force: true });
    this.#before = photograph(this.repository);
    this.#firstRun = prepared.length === 0 ? undefined : await this.findRun();
    cpSync(this.folder, `${this.folder}.first`, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  }

  /** Puts everything back as `prepare` left it. */
  reset(): void {
    this.endProcesses();
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(`${this.folder}.first`, this.folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    this.notes.clear();
    this.#arming = [];
    this.#runId = this.#firstRun;
  }

  #configuration(): Record<string, unknown> {
    const { agents, config } = this.scenario;
    const cases = Object.entries(agents).map(([task, script]) => `${task})\n${script}\n;;`);
    const script = `id="\${FORKJOIN_TASK_ID%%.*}"\ncase "$FORKJOIN_TASK_ID" in\n${cases.join("\n")}\nesac`;
    const env = { PATH: `${join(this.folder, "bin")}:${process.env.PATH}`, ROOM: this.folder };
    const sandboxed = config?.sandbox !== undefined ? {} : { env };
    const scripted = { command: ["sh", "-ec", script], timeout: "1min", ...sandboxed };
    return { agents: { scripted }, default_agent: "scripted", sandbox: "off", ...config };
  }

  /** The command line for agents; each of its commands may be the one that is killed. */
  #wrapper(): string {
    const { HOME, FORKJOIN_HOME } = this.#environment();
    return `#!/bin/sh
if [ -e "${this.folder}/armed-$1" ]; then . "${this.folder}/armed-$1"; fi
HOME='${HOME}' FORKJOIN_HOME='${FORKJOIN_HOME}' exec '${process.execPath}' '${CLI}' "$@"
`;
  }

  #environment(): Record<string, string> {
    return {
      ...{ PATH: process.env.PATH ?? "", LC_ALL: "C" },
      ...{ HOME: join(this.folder, "user"), FORKJOIN_HOME: this.home },
    };
  }

  arm(...armings: Arming[]): void {
    for (const { process } of this.#arming) rmSync(join(this.folder, `armed-${process}`), { force: true });
    this.#arming = armings;
    for (const { process } of armings) {
      const lines = Object.entries(this.environment(process)).map(([name, value]) => `export ${name}='${value}'\n`);
      writeFileSync(join(this.folder, `armed-${process}`), lines.join(""));
    }
  }

  /** The environment of the command or server that is called so. */
  environment(process: string): Record<string, string> {
    const arming = this.#arming.find((one) => one.process === process);
    if (arming === undefined) return this.#environment();
    return {
      ...this.#environment(),
      NODE_OPTIONS: `--import ${PRELOAD}`,
      CRASH_TRACE: this.#traceOf(process),
      ...(arming.at === undefined ? {} : { CRASH_AT: arming.at, CRASH_DONE: this.#done }),
    };
  }

  get #done(): string {
    return join(this.folder, "killed");
  }

  #traceOf(process: string): string {
    return join(this.folder, `steps-${process}`);
  }

  /** A process was killed as it was to be. */
  get killed(): boolean {
    return existsSync(this.#done);
  }

  /** Names of the durable steps that a process has begun, in order. */
  steps(process: string): string[] {
    const file = this.#traceOf(process);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    return lines.map((line) => this.shape(line.replace(/^\d+ /, "")));
  }

  /** Text without what differs from room to room and from run to run. */
  shape(text: string): string {
    return text
      .replaceAll(`${this.folder}/`, "")
      .replaceAll(this.folder, "ROOM")
      .replace(/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, "RUN")
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID")
      .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{16}\b/g, "ID")
      .replace(/\b\d+-[0-9a-f]{12}\b/g, "PROCESS")
      .replace(/\bcommit-\d+-\d+\b/g, "commit-N")
      .replace(/\/proc\/self\/fd\/\d+\//g, "…/");
  }

  async cli(args: string[]): Promise<Ended> {
    const { code, stdout, stderr } = await this.answer(args);
    const printed = documentIn(stdout);
    const { summary } = Summary.catch({}).parse(printed);
    return { code, said: this.shape(summary ?? stderr), printed };
  }

  /** What hangs is killed, and says so. */
  async answer(args: string[]): Promise<Answer> {
    const started = new Started(args, { cwd: this.folder, env: this.environment(args[0] ?? "") });
    const timer = setTimeout(() => started.kill("SIGKILL"), TIMEOUT_MS);
    const answer = await started.done;
    clearTimeout(timer);
    this.#runId ??= /^run (\d{8}-\d{6}-[0-9a-f]{4})$/m.exec(answer.stderr)?.[1];
    return answer;
  }

  /** The newest run on record. */
  async findRun(): Promise<string | undefined> {
    if (this.#runId === undefined) {
      const { printed } = await this.cli(["status", "--json"]);
      this.#runId = /"run_id":"([^"]+)"/.exec(JSON.stringify(printed ?? {}))?.[1];
    }
    return this.#runId;
  }

  /** Byte for byte as before the first act. */
  get checkoutUntouched(): boolean {
    return isDeepStrictEqual(photograph(this.repository), this.#before);
  }

  /** Only what a failed point left: nothing of it may disturb the next one. */
  endProcesses(): void {
    for (const line of processesOf(this.folder)) {
      try {
        process.kill(Number(line.split(" ")[0]), "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
  }

  remove(): void {
    this.endProcesses();
    for (const folder of [this.folder, `${this.folder}.first`]) rmSync(folder, { recursive: true, force: true });
  }
}
