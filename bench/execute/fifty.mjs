/** 50 tasks of which all 50 agents are at work at the same moment: nothing of Forkjoin's own fails, and nothing is left over. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { levels, MODE, Place, tasksOf } from "./place.mjs";

const AGENT = fileURLToPath(new URL("agent.mjs", import.meta.url));
const COUNT = 50;
const FILES = 200;

export async function* fifty() {
  for (const level of levels()) yield await run(level);
}

async function run(level) {
  const place = new Place(FILES);
  try {
    const { meeting, configuration } = meetingOf(place, { level, size: COUNT });
    place.configure(configuration);
    const tasks = join(place.folder, "tasks.yaml");
    writeFileSync(tasks, JSON.stringify({ request: "Fifty at once", tasks: tasksOf(COUNT) }));
    const began = performance.now();
    const { document: report } = await place.cli("run", "--tasks", tasks, "--max-parallel", String(COUNT));
    const seconds = (performance.now() - began) / 1_000;
    const met = readdirSync(meeting).length;
    const left = { ...leftIn(place, report.run_id), ports: (await busyPorts(meeting)).length };
    const failures = report.tasks.filter(({ status, attempts }) => status !== "success" || attempts !== 1).length;
    const over = Object.entries(left).map(([what, count]) => `${count} ${what}`);
    return {
      what: `${COUNT} tasks, ${met} at once, ${level}`,
      goal: "0 failures, nothing left over",
      reached: `${failures} failures; ${over.join(", ")} left; ${seconds.toFixed(1)} s`,
      missed: failures > 0 || met < COUNT || Object.values(left).some((count) => count > 0),
    };
  } finally {
    place[Symbol.dispose]();
  }
}

/** Agents that wait for each other in a folder, and the configuration that starts them. */
export function meetingOf(place, { level, size }) {
  const meeting = join(place.folder, "meeting");
  mkdirSync(meeting);
  const env = { BENCH_MEETING: meeting, BENCH_SIZE: String(size) };
  const agents = { bench: { command: [process.execPath, AGENT], env, timeout: "5min" } };
  const configuration = { agents, default_agent: "bench", sandbox: MODE[level], max_parallel: COUNT };
  return { meeting, configuration };
}

/** What should not be there any more; the branch, the accepted attempts and what they were combined to are the result. */
function leftIn(place, runId) {
  const own = `refs/forkjoin/${runId}`;
  const isResult = (ref) =>
    ref.startsWith(`${own}/attempts/`) || [`${own}/integration`, `refs/heads/forkjoin/${runId}`].includes(ref);
  const refs = place.refs().filter((ref) => ref !== "refs/heads/master" && ref !== "refs/heads/main" && !isResult(ref));
  return { processes: place.processes().length, folders: place.folders().length, refs: refs.length };
}

/** Of the lanes' first ports, on which each agent left a process listening, those that cannot be had. */
async function busyPorts(meeting) {
  const ports = readdirSync(meeting).map((name) => Number(readFileSync(join(meeting, name), "utf8")));
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
