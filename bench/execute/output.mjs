/** How much memory the MCP server takes while 50 agents print 50 MB each: one line without an end, many lines, and a preset's stream of events. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { levels, MODE, Place, tasksOf } from "./place.mjs";

const FILES = 50;
const GOAL_MB = 200;
const MANY = { count: 50, bytes: 50_000_000 };

const EVENT = JSON.stringify({ type: "assistant", message: { content: [{ type: "text", text: "x".repeat(400) }] } });
const ONE_LINE = "tr '\\0' x < /dev/zero";

/** `source` prints without an end; `preset`: its lines are read as the events of a known agent. */
const KINDS = [
  { what: "50 agents printing 50 MB each as one line", source: ONE_LINE, ...MANY },
  { what: "50 agents printing 50 MB each as lines of 100 bytes", source: `yes '${"x".repeat(99)}'`, ...MANY },
  { what: "50 agents of a preset printing 50 MB of events each", source: `yes '${EVENT}'`, preset: true, ...MANY },
  { what: "50 agents of a preset printing 50 MB each as one line", source: ONE_LINE, preset: true, ...MANY },
  { what: "one agent printing 2.2 GB", source: ONE_LINE, count: 1, bytes: 2_200_000_000 },
];

export async function* output() {
  const [level] = levels();
  yield { what: "server at rest", reached: `${await peakOf({ source: "true", count: 0, bytes: 0 }, level)} MB` };
  for (const kind of KINDS) {
    const peak = await peakOf(kind, level);
    const what = `server, ${kind.what}, ${level}`;
    yield { what, goal: `≤ ${GOAL_MB} MB`, reached: `${peak} MB at its peak`, missed: peak > GOAL_MB };
  }
}

/** The peak of the server's resident memory in MB, as the kernel counts it. */
async function peakOf({ source, count, bytes, preset = false }, level) {
  const place = new Place(FILES);
  try {
    const bin = programIn(place, `${source} | head -c ${bytes}; echo; echo done > "$FORKJOIN_TASK_ID.txt"`);
    const agent = preset ? { preset: "claude" } : { command: [join(bin, "claude")] };
    const agents = { bench: { ...agent, timeout: "10min" } };
    place.configure({ agents, default_agent: "bench", sandbox: MODE[level], max_parallel: MANY.count });
    const server = await place.server({ PATH: `${bin}${delimiter}${process.env.PATH}` });
    if (count > 0) await runAll(server.call, count);
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

async function runAll(call, count) {
  const { run_id } = await call("decompose_work", { request: "Agents that print", tasks: tasksOf(count) });
  await call("analyze_dependencies", { run_id });
  await call("plan_batches", { run_id, max_parallel: count });
  await call("execute_batch", { run_id, batch_id: "all" });
  for (;;) {
    const { state, results } = await call("get_run", { run_id, wait_seconds: 30, include: ["results"] });
    if (state === "executing") continue;
    if (results.failures.length > 0) throw new Error(JSON.stringify(results.failures[0]));
    return;
  }
}
