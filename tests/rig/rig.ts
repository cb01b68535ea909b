/** A repository with a history, a home and a configuration of its own, and the real command line over them; every test begins with one. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type Composed, compose } from "../../src/compose.ts";
import { type Answer, Started } from "./command.ts";
import { Control } from "./control.ts";
import { git } from "./git.ts";
import { type Photograph, photograph } from "./photograph.ts";
import { processesOf } from "./processes.ts";
import type { Script, Step } from "./steps.ts";

const AGENT = fileURLToPath(new URL("agent.mjs", import.meta.url));

/** What a held setup command or check is called. */
export const HELD = "held";

export interface RigOptions {
  /** files of the first commit */
  files?: Record<string, string | Buffer>;
  /** keys over the rig's own configuration */
  config?: Record<string, unknown>;
  /** arguments of `git init` */
  init?: string[];
  /** name of the repository's folder */
  name?: string;
}

/** A task as a test writes it; description and files have a default. */
export type RigTask = { id: string } & Record<string, unknown>;

export class Rig {
  readonly folder: string;
  readonly repository: string;
  readonly home: string;
  readonly control: Control;
  /** variables for the commands that are started from now on */
  readonly env: Record<string, string> = {};
  #config: Record<string, unknown> = {};
  #before: Photograph | undefined;
  #started: Started[] = [];
  #composed: Composed[] = [];

  private constructor(folder: string, repository: string, control: Control) {
    this.folder = folder;
    this.repository = repository;
    this.home = join(folder, "state");
    this.control = control;
  }

  static async create(options: RigOptions = {}): Promise<Rig> {
    const folder = realpathSync(await mkdtemp(join(tmpdir(), "forkjoin-rig-")));
    const rig = new Rig(folder, join(folder, options.name ?? "repository"), await Control.open());
    mkdirSync(join(folder, "user"));
    mkdirSync(rig.repository);
    rig.git("init", "--quiet", "--initial-branch=main", ...(options.init ?? []));
    rig.git("config", "user.name", "Ada");
    rig.git("config", "user.email", "ada@example.org");
    rig.commit({ "README.md": "# Project\n" }, "Begin");
    rig.commit(options.files ?? { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" }, "Add files");
    rig.configure(options.config ?? {});
    rig.script({});
    return rig;
  }

  /** Writes and commits `files` in the user's checkout. */
  commit(files: Record<string, string | Buffer>, message: string): string {
    for (const [path, content] of Object.entries(files)) this.place(path, content);
    this.git("add", "--all", "--force");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD").trim();
  }

  /** Writes a file of the user's checkout without committing it. */
  place(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.repository, path)), { recursive: true });
    writeFileSync(join(this.repository, path), content);
  }

  git(...args: string[]): string {
    return git(this.repository, ...args);
  }

  /** Configures the scripted agent and the given keys over what was there. */
  configure(keys: Record<string, unknown>): void {
    const agents = { scripted: this.scriptedAgent("2min") };
    this.#config = { agents, default_agent: "scripted", ...this.#config, ...keys };
    writeFileSync(this.configFile, JSON.stringify(this.#config));
  }

  /** The configuration of an agent that carries out the script. */
  scriptedAgent(timeout: string): Record<string, unknown> {
    const env = { RIG_FOLDER: this.folder, RIG_PORT: String(this.control.port) };
    return { command: [process.execPath, AGENT], env, timeout };
  }

  /** A command that reports to the control socket as `held` and waits, for setup and checks. */
  get heldCommand(): string[] {
    const brief = this.file("no-brief.md", "");
    const env = { RIG_FOLDER: this.folder, RIG_PORT: String(this.control.port), FORKJOIN_TASK_ID: HELD };
    const pairs = Object.entries({ ...env, FORKJOIN_ATTEMPT: "1", FORKJOIN_BRIEF_FILE: brief });
    return ["env", ...pairs.map(([key, value]) => `${key}=${value}`), process.execPath, AGENT];
  }

  get configFile(): string {
    return join(this.folder, "config.yaml");
  }

  /** What the agents will do, by task: one list of steps, or one per attempt. */
  script(steps: Record<string, Step[] | Step[][]>): void {
    const whole: Script = { [HELD]: [[{ do: "hold" }]] };
    for (const [task, list] of Object.entries(steps)) {
      const attempts = list.flatMap((entry) => (Array.isArray(entry) ? [entry] : []));
      const steps = list.flatMap((entry) => (Array.isArray(entry) ? [] : [entry]));
      whole[task] = attempts.length > 0 ? attempts : [steps];
    }
    writeFileSync(join(this.folder, "script.json"), JSON.stringify(whole));
  }

  /** A task file (JSON is YAML). */
  tasks(...tasks: RigTask[]): string {
    const whole = tasks.map((task) => ({ description: `Do ${task.id}`, files: [`${task.id}.txt`], ...task }));
    return this.file("tasks.yaml", JSON.stringify({ request: "Work", tasks: whole }));
  }

  /** A file beside the repository. */
  file(name: string, text: string, mode = 0o644): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  start(args: string[]): Started {
    this.#before ??= photograph(this.repository);
    const own = { HOME: join(this.folder, "user"), FORKJOIN_HOME: this.home };
    const env = { PATH: process.env.PATH, LC_ALL: "C", ...own, ...this.env };
    const started = new Started(args, { cwd: this.folder, env });
    this.#started.push(started);
    return started;
  }

  async cli(args: string[]): Promise<Answer> {
    return this.start(args).done;
  }

  /** `run --json` over the task file, without waiting for it. */
  startRun(tasks: string, ...more: string[]): Started {
    return this.start(["run", "--json", "--tasks", tasks, ...this.usual, ...more]);
  }

  async run(tasks: string, ...more: string[]): Promise<Answer> {
    return this.startRun(tasks, ...more).done;
  }

  async resume(runId: string): Promise<Answer> {
    return this.cli(["resume", runId, "--json", "--config", this.configFile]);
  }

  get usual(): string[] {
    return ["--repo", this.repository, "--config", this.configFile];
  }

  /** The same core in this process, with this rig's home. */
  async compose(): Promise<Composed> {
    const before = process.env.FORKJOIN_HOME;
    process.env.FORKJOIN_HOME = this.home;
    const composed = await compose({ config: this.configFile, allow_task_commands: true });
    if (before === undefined) delete process.env.FORKJOIN_HOME;
    else process.env.FORKJOIN_HOME = before;
    if (!composed.ok) throw new Error(composed.error.message);
    this.#composed.push(composed.value);
    return composed.value;
  }

  /** The file's text on a branch or commit, or undefined. */
  show(revision: string, path: string): string | undefined {
    const there = this.git("ls-tree", "-r", "-z", "--name-only", revision).split("\0").includes(path);
    return there ? this.git("show", `${revision}:${path}`) : undefined;
  }

  /** Forkjoin's own refs. */
  ownRefs(): string[] {
    const all = this.git("for-each-ref", "--format=%(refname)").split("\n");
    return all.filter((ref) => /^refs\/(heads\/)?forkjoin\//.test(ref));
  }

  /** `task attempt` of every agent that was started, in order. */
  get startedAgents(): string[] {
    const file = join(this.folder, "agents.log");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  briefOf(task: string, attempt: number): string {
    return readFileSync(join(this.folder, `brief-${task}-${attempt}.md`), "utf8");
  }

  /** Workspaces that are on disk now. */
  workspaces(): string[] {
    const folder = join(this.home, "workspaces");
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  processes(): string[] {
    return processesOf(this.folder);
  }

  /** From now on this is what the checkout has to look like: for tests in which the user changes it. */
  photograph(): void {
    this.#before = photograph(this.repository);
  }

  /** Byte for byte as before the first command: status, HEAD, refs that are not Forkjoin's, configuration, index, files. */
  expectCheckoutUntouched(): void {
    if (this.#before !== undefined) expect(photograph(this.repository)).toEqual(this.#before);
  }

  expectNothingLeft(): void {
    expect(this.processes()).toEqual([]);
    expect(this.workspaces()).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#started) started.kill("SIGKILL");
    await Promise.all(this.#started.map((started) => started.done));
    for (const composed of this.#composed) await composed.close();
    this.control.close();
    try {
      this.expectCheckoutUntouched();
    } finally {
      for (const line of this.processes()) kill(Number(line.split(" ")[0]));
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
