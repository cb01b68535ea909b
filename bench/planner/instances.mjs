/** The public instances of the scheduling benchmark, as the planner takes them; undefined where the data is not there. */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createGunzip } from "node:zlib";

const folder = process.env.FORKJOIN_BENCH_DATA;
const file = folder === undefined ? undefined : join(folder, "scheduling", "instances.jsonl.gz");

export async function readInstances() {
  if (file === undefined || !existsSync(file)) return undefined;
  const instances = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    instances.push(JSON.parse(line));
  }
  return instances;
}

/** The independent scorer that comes with the data. */
export function readScorer() {
  return import(pathToFileURL(join(folder, "scheduling", "score.mjs")).href);
}

/** Fractional times are planned in millionths, since the planner's times are whole. */
export function scaleOf(instance) {
  return instance.tasks.every((task) => Number.isInteger(task.duration)) ? 1 : 1_000_000;
}

/** Locks and pools are given as such; pairs only where an instance has nothing else. */
export function inputOf(instance) {
  const scale = scaleOf(instance);
  const locks = {};
  for (const task of instance.tasks) {
    for (const lock of task.locks ?? []) {
      locks[lock] ??= [];
      locks[lock].push(task.id);
    }
  }
  const isPlain = instance.resources === undefined && Object.keys(locks).length === 0;
  const pairs = instance.tasks.flatMap((task) => task.conflictsWith.map((other) => [task.id, other]));
  return {
    tasks: instance.tasks.map((task) => ({
      id: task.id,
      duration_ms: Math.round(task.duration * scale),
      needs: task.dependsOn,
      ...(task.demands === undefined ? {} : { pools: task.demands }),
    })),
    conflicts: isPlain ? pairs.filter(([a, b]) => a < b) : [],
    locks,
    pools: Object.fromEntries((instance.resources ?? []).map(({ id, capacity }) => [id, capacity])),
    max_parallel: instance.machines,
  };
}
