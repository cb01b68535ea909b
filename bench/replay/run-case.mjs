/** One case in one mode: a clone of the bundle, the product on it, and the tree that came out. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectation, taskFile } from "./cases.mjs";

const AGENT = fileURLToPath(new URL("agent.mjs", import.meta.url));

export const MODES = {
  declared: { what: "tasks with a file in common take turns", same_file: "sequential" },
  optimistic: { what: "tasks with a file in common run side by side, and the merge decides", same_file: "optimistic" },
};

/** Git without the machine's and the user's configuration. */
const CLEAN = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };

function git(repository, ...args) {
  return execFileSync("git", args, { cwd: repository, env: { ...process.env, ...CLEAN }, encoding: "utf8" }).trim();
}

/** A clone with all commits of the bundle, `main` at the case's base. */
function makeRepository({ id, bundle, base, baseTree }, folder) {
  const repository = join(folder, "repository");
  git(folder, "clone", "-q", "--no-checkout", bundle, repository);
  git(repository, "config", "core.autocrlf", "false");
  git(repository, "checkout", "-q", "-B", "main", base);
  if (git(repository, "rev-parse", "HEAD^{tree}") !== baseTree) throw new Error(`${id}: the base is another tree`);
  return repository;
}

/** The user's side, which no run may touch. */
function checkout(repository) {
  return git(repository, "status", "--porcelain") + git(repository, "rev-parse", "HEAD", "HEAD^{tree}");
}

function writeInput(replayed, mode, folder) {
  const file = (name, content) => {
    writeFileSync(join(folder, name), JSON.stringify(content, undefined, 2));
    return join(folder, name);
  };
  const commits = file("commits.json", Object.fromEntries(replayed.tasks.map(({ id, commit }) => [id, commit])));
  const agent = { command: [process.execPath, AGENT], env: { REPLAY_COMMITS: commits }, timeout: "5min" };
  const config = { agents: { picker: agent }, default_agent: "picker", same_file: MODES[mode].same_file };
  return { tasks: file("tasks.yaml", taskFile(replayed)), config: file("config.yaml", config) };
}

/** The product's exit code, its one JSON document, and what it said besides. */
function forkjoin(folder, { cli, args }) {
  const home = join(folder, "home");
  mkdirSync(home);
  const env = { ...process.env, ...CLEAN, HOME: home, FORKJOIN_HOME: join(home, "forkjoin") };
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].setEncoding("utf8").on("data", (text) => (said[stream] += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      writeFileSync(join(folder, "report.json"), said.stdout);
      resolve({ code, ...said });
    });
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function runCase(replayed, mode, { folder, cli, maxParallel }) {
  const place = join(folder, mode, replayed.id);
  mkdirSync(place, { recursive: true });
  const repository = makeRepository(replayed, place);
  const { tasks, config } = writeInput(replayed, mode, place);
  const input = ["--tasks", tasks, "--repo", repository, "--config", config];
  const before = checkout(repository);
  const began = performance.now();
  const { code, stdout, stderr } = await forkjoin(place, {
    cli,
    args: ["run", ...input, "--json", "--max-parallel", maxParallel],
  });
  const ms = performance.now() - began;
  const report = parsed(stdout);
  const branch = report?.branch ?? undefined;
  return {
    case: replayed.id,
    mode,
    tasks: replayed.n,
    expected: expectation(replayed),
    code,
    ms,
    report: report?.workflow === undefined ? undefined : report,
    error: report?.error ?? (report === undefined ? stderr.trim().slice(-2_000) : undefined),
    reached: branch !== undefined && git(repository, "rev-parse", `${branch}^{tree}`) === replayed.headTree,
    untouched: checkout(repository) === before,
    log: readLog(place, report),
  };
}

/** Failed task's id → the conflicts its agent met, from the log of its last attempt. */
function readLog(place, report) {
  const failed = (report?.tasks ?? []).filter((task) => task.status === "failed");
  const logs = join(place, "home", "forkjoin", "logs", report?.run_id ?? "");
  return Object.fromEntries(
    failed.map(({ task_id, attempts }) => {
      const file = join(logs, task_id, `${attempts}.log`);
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      return [task_id, text.match(/^CONFLICT.*$/gm) ?? []];
    }),
  );
}
