/** A small repository with a configuration of its own and the real command line over it, for tests with coding agents. */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Report } from "../../../src/core/model/report.ts";

const CLI = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const BINARIES = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

export class Project {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-agents-")));
  readonly repository: string = join(this.folder, "repository");
  /** variables of the command line, over a bare environment */
  readonly env: Record<string, string> = {};

  constructor(files: Record<string, string>) {
    for (const [path, text] of Object.entries(files)) this.file(join("repository", path), text);
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    this.git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "Begin");
  }

  git(...args: string[]): string {
    return execFileSync("git", ["-C", this.repository, ...args], { encoding: "utf8", env: { PATH: process.env.PATH } });
  }

  /** Writes a file of the project's folder. */
  file(name: string, text: string, mode = 0o644): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  /** A program (CommonJS) on the command line's PATH, in front of all others. */
  program(name: string, script: string): void {
    this.file("bin/package.json", '{ "type": "commonjs" }');
    this.file(join("bin", name), `#!${process.execPath}\n${script}`, 0o755);
  }

  configure(keys: Record<string, unknown>): void {
    this.file("config.yaml", JSON.stringify(keys));
  }

  async run(tasks: Record<string, unknown>[]): Promise<Answer & { report: Report }> {
    const file = this.file("tasks.yaml", JSON.stringify({ request: "Work", tasks }));
    const answer = await this.cli("run", "--json", "--tasks", file, "--repo", this.repository);
    const report = Report.safeParse(JSON.parse(answer.stdout || "null"));
    if (!report.success) throw new Error(`no report: ${answer.stdout}\n${answer.stderr}`);
    return { ...answer, report: report.data };
  }

  async cli(...args: string[]): Promise<Answer> {
    const path = [join(this.folder, "bin"), BINARIES, process.env.PATH].join(delimiter);
    const home = { HOME: this.folder, FORKJOIN_HOME: join(this.folder, "state") };
    const env = { PATH: path, LC_ALL: "C", ...home, ...this.env };
    const config = join(this.folder, "config.yaml");
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(process.execPath, [CLI, ...args, "--config", config], options, (_, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      });
    });
  }

  show(revision: string, path: string): string | undefined {
    const there = this.git("ls-tree", "-r", "--name-only", revision).split("\n").includes(path);
    return there ? this.git("show", `${revision}:${path}`) : undefined;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
