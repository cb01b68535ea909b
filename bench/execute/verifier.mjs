/** The verifier on large trees: how long it takes to find the one file that an agent changed. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./median.mjs";
import { Place } from "./place.mjs";
import { workspaceOf } from "./workspace-of.mjs";

const GOALS = { 10000: 400, 50000: 2000 };

export async function* verifier({ rounds }) {
  for (const [files, goal] of Object.entries(GOALS)) {
    const place = new Place(Number(files));
    try {
      const { wall, cpu } = await timesOf(place, rounds);
      const reached = `${Math.round(wall)} ms (${Math.round(cpu)} ms of processor time)`;
      yield { what: `verifier, ${files} files`, goal: `≤ ${goal} ms`, reached, missed: wall > goal };
    } finally {
      place[Symbol.dispose]();
    }
  }
}

async function timesOf(place, rounds) {
  const workspace = await workspaceOf(place, "verify/1");
  await workspace.snapshot();
  appendFileSync(join(workspace.directory, "d0/f0.txt"), "x");
  const times = { wall: [], cpu: [] };
  for (let round = 0; round < rounds; round++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    const changes = await workspace.changes();
    if ((await workspace.tampering()).length > 0) throw new Error("nothing was planted");
    const { user, system } = process.cpuUsage(used);
    times.wall.push(performance.now() - began);
    times.cpu.push((user + system) / 1_000);
    if (!changes.ok || changes.value.length !== 1) throw new Error("the change was not found");
  }
  return { wall: median(times.wall), cpu: median(times.cpu) };
}
