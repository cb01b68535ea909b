/** A repository, a configuration and a home of their own for one measurement, and the real command line or server over them. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { bubblewrap } from "../../build/adapters/sandbox/bubblewrap.js";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const SERVER = fileURLToPath(new URL("../../dist/server.js", import.meta.url));
const NOBODY = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };
const AUTHOR = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };

export class Place {
  /** the shared /tmp is not seen in the sandbox: an agent gets to this folder because its `env` names it */
  folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-execute-")));
  repository = join(this.folder, "repository");
  home = join(this.folder, "home");
  config = join(this.folder, "config.yaml");

  /** `files` of them, 50 to a folder, committed. */
  constructor(files) {
    for (let file = 0; file < files; file++) {
      const place = join(this.repository, `d${Math.floor(file / 50)}`);
      if (file % 50 === 0) mkdirSync(place, { recursive: true });
      writeFileSync(join(place, `f${file}.txt`), `${file}\n`);
    }
    this.git("init", "-q");
    this.git("add", "-A");
    this.git("commit", "-qm", "x");
  }

  git(...args) {
    const env = { ...process.env, ...NOBODY, ...AUTHOR };
    return execFileSync("git", args, { cwd: this.repository, env, encoding: "utf8" }).trim();
  }

  configure(keys) {
    writeFileSync(this.config, JSON.stringify(keys));
  }

  env(more = {}) {
    return { PATH: process.env.PATH, HOME: this.folder, FORKJOIN_HOME: this.home, ...NOBODY, ...more };
  }

  /** The exit code, and the one JSON document on standard output. */
  async cli(...args) {
    const child = spawn(process.execPath, [CLI, ...args, "--json", "--config", this.config], {
      ...{ cwd: this.repository, env: this.env(), stdio: ["ignore", "pipe", "ignore"] },
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { code, document: JSON.parse(text) };
  }

  /** The MCP server with a client at it; `call` gives the structured answer, or throws the error that it names. */
  async server(env = {}) {
    const args = [SERVER, "--repo", this.repository, "--config", this.config];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args,
      env: this.env(env),
      stderr: "ignore",
    });
    const client = new Client({ name: "bench", version: "1.0.0" });
    await client.connect(transport);
    const call = async (name, given) => {
      const { structuredContent } = await client.callTool({ name, arguments: given });
      if (structuredContent.error !== undefined) throw new Error(`${name}: ${structuredContent.error.message}`);
      return structuredContent;
    };
    const { pid } = transport;
    const close = async () => {
      await client.close();
      while (isThere(pid)) await delay(20);
    };
    return { pid, call, close };
  }

  /** Process ids whose environment names this folder, zombies left out; `but` those of the measurement itself. */
  processes(but = []) {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && ![process.pid, ...but].includes(Number(name)))
      .filter(isThere)
      .filter((pid) => read(pid, "environ").includes(this.folder));
  }

  /** Workspaces and desks on disk, and worktrees that the user's repository knows of. */
  folders() {
    const own = ["workspaces", "desks"].flatMap((name) => namesIn(join(this.home, name)));
    return [...own, ...namesIn(join(this.repository, ".git", "worktrees"))];
  }

  refs() {
    return this.git("for-each-ref", "--format=%(refname)").split("\n");
  }

  [Symbol.dispose]() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Tasks t0, t1, … of which each makes a file of its own. */
export function tasksOf(count) {
  return [...Array(count).keys()].map((number) => {
    return { id: `t${number}`, description: `Make t${number}.txt`, files: [`t${number}.txt`] };
  });
}

/** The levels that this machine has, strongest first. */
export function levels() {
  const home = mkdtempSync(join(tmpdir(), "forkjoin-probe-"));
  const probe = bubblewrap(home).probe();
  rmSync(home, { recursive: true, force: true });
  if (!probe.works) process.stderr.write(`sandboxed is skipped: ${probe.why}\n`);
  return probe.works ? ["sandboxed", "verified"] : ["verified"];
}

export const MODE = { sandboxed: "required", verified: "off" };

function isThere(pid) {
  const status = read(pid, "status");
  return status !== "" && !/^State:\s+Z/m.test(status);
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
