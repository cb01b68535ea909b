/** The MCP server is killed -9 while 20 agents work: with the sandbox nobody survives, without it the next start ends them all. */
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { meetingOf } from "./fifty.mjs";
import { levels, Place, tasksOf } from "./place.mjs";

const COUNT = 20;
const FILES = 200;
/** longer than any signal needs on a busy machine */
const PATIENCE_MS = 10_000;

export async function* killed() {
  for (const level of levels()) yield await killAmid(level);
}

async function killAmid(level) {
  const place = new Place(FILES);
  try {
    const { meeting, configuration } = meetingOf(place, { level, size: Number.MAX_SAFE_INTEGER });
    place.configure(configuration);
    const first = await place.server();
    const run_id = await begin(first.call);
    while (readdirSync(meeting).length < COUNT) await delay(100);
    const working = place.processes([first.pid]).length;
    process.kill(first.pid, "SIGKILL");
    const survivors = await survivorsOf(place, level);
    const second = await place.server();
    const after = place.processes([second.pid]).length;
    const kept = place.refs().filter((ref) => ref.startsWith(`refs/forkjoin/${run_id}/lost/`)).length;
    const folders = place.folders().length;
    await second.close();
    await first.close();
    return {
      what: `server killed -9 with ${COUNT} agents at work (${working} processes), ${level}`,
      goal: level === "sandboxed" ? "0 survivors" : "0 after the next start",
      reached: `${survivors} survivors; after the next start ${after}, ${folders} folders left, work of ${kept} tasks kept`,
      missed: (level === "sandboxed" && survivors > 0) || after > 0 || folders > 0 || kept < COUNT,
    };
  } finally {
    place[Symbol.dispose]();
  }
}

async function begin(call) {
  const { run_id } = await call("decompose_work", { request: "Twenty at once", tasks: tasksOf(COUNT) });
  await call("analyze_dependencies", { run_id });
  await call("plan_batches", { run_id, max_parallel: COUNT });
  await call("execute_batch", { run_id, batch_id: "all" });
  return run_id;
}

/** How many are still there; behind the sandbox they are given a moment to be gone. */
async function survivorsOf(place, level) {
  const end = performance.now() + PATIENCE_MS;
  while (level === "sandboxed" && performance.now() < end && place.processes().length > 0) await delay(20);
  return place.processes().length;
}
