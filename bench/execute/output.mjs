/** How much memory the MCP server takes while 50 agents print 50 MB each: one line without an end, many lines, and a preset's stream of events. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { levels, MODE, Place, tasksOf } from "./place.mjs";

const COUNT = 50;
const BYTES = 50_000_000;
const FILES = 50;
const GOAL_MB = 200;

const EVENT = JSON.stringify({ type: "assistant", message: { content: [{ type: "text", text: "x".repeat(400) }] } });
const printing = (source) => `${source} | head -c ${BYTES}; echo; echo done > "$FORKJOIN_TASK_ID.txt"`;

const KINDS = {
  "one line": printing("tr '\\0' x < /dev/zero"),
  "lines of 100 bytes": printing(`yes '${"x".repeat(99)}'`),
  "a preset's events": printing(`yes '${EVENT}'`),
  "a preset's single line": printing("tr '\\0' x < /dev/zero"),
};

export async function output() {
  const [level] = levels();
  const idle = await peakOf("idle", level);
  const rows = [{ what: "server at rest", reached: `${idle} MB` }];
  for (const kind of Object.keys(KINDS)) {
    const peak = await peakOf(kind, level);
    const what = `server, ${COUNT} agents printing ${BYTES / 1_000_000} MB each as ${kind}, ${level}`;
    rows.push({ what, goal: `≤ ${GOAL_MB} MB`, reached: `${peak} MB at its peak`, missed: peak > GOAL_MB });
  }
  return rows;
}

/** The peak of the server's resident memory in MB, as the kernel counts it. */
async function peakOf(kind, level) {
  const place = new Place(FILES);
  try {
    const bin = programIn(place, KINDS[kind] ?? "");
    const agent = kind.includes("preset") ? { preset: "claude" } : { command: [join(bin, "claude")] };
    const agents = { bench: { ...agent, timeout: "10min" } };
    place.configure({ agents, default_agent: "bench", sandbox: MODE[level], max_parallel: COUNT });
    const server = await place.server({ PATH: `${bin}${delimiter}${process.env.PATH}` });
    if (kind !== "idle") await runAll(server.call);
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
    await server.close();
    return Math.round((Number(peak) * 1_024) / 1_000_000);
  } finally {
    place[Symbol.dispose]();
  }
}

/** A program that prints, under the name of a preset's; what it prints is in the script itself. */
function programIn(place, script) {
  const bin = join(place.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "claude"), 0o755);
  return bin;
}

async function runAll(call) {
  const { run_id } = await call("decompose_work", { request: "Fifty that print", tasks: tasksOf(COUNT) });
  await call("analyze_dependencies", { run_id });
  await call("plan_batches", { run_id, max_parallel: COUNT });
  await call("execute_batch", { run_id, batch_id: "all" });
  for (;;) {
    const { state, results } = await call("get_run", { run_id, wait_seconds: 30, include: ["results"] });
    if (state === "executing") continue;
    if (results.failures.length > 0) throw new Error(JSON.stringify(results.failures[0]));
    return;
  }
}
