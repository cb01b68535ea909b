/** Starts the built command line, with its state in the demo's own folder. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutRepository } from "./git.mjs";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const DEMO = fileURLToPath(new URL("..", import.meta.url));
const TASK_FILES = ["credit-notes.yaml", "reports.yaml", "money-and-import.yaml", "upkeep.yaml"];

export function isBuilt() {
  return existsSync(CLI);
}

/** The options that `plan` and `run` share. */
export function runOptions({ project, config, agent }) {
  const tasks = TASK_FILES.map((name) => join(DEMO, "tasks", name)).join(",");
  return ["--tasks", tasks, "--max-parallel", "5", "--repo", project, "--config", config, "--agent", agent];
}

/** Writes the demo's configuration with real paths in it to `file`. */
export async function writeConfiguration(file) {
  const template = await readFile(join(DEMO, "config.yaml"), "utf8");
  const lines = template.split("\n").filter((line) => !line.startsWith("#"));
  await writeFile(file, lines.join("\n").replaceAll("__DEMO__/", DEMO.split(sep).join("/")));
}

/** Runs `forkjoin args` on this terminal and returns its exit code. */
export async function forkjoin(place, args) {
  return (await start(place, args, "inherit")).code;
}

/** The JSON document that `forkjoin args --json` prints. */
export async function forkjoinJson(place, args) {
  const { code, output } = await start(place, [...args, "--json"], "pipe");
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`forkjoin ${args[0]} --json ended with ${code} and printed no JSON: ${output.slice(0, 200)}`);
  }
}

function start({ project, home }, args, stdout) {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const env = { ...withoutRepository(process.env), PATH: path, FORKJOIN_HOME: home };
  const child = spawn(process.execPath, [CLI, ...args], { cwd: project, env, stdio: ["ignore", stdout, "inherit"] });
  const parts = [];
  child.stdout?.on("data", (part) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString() }));
  });
}
