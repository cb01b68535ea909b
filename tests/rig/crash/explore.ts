/** Tries the points of scenarios, several at a time, and says of each that fails what is wrong and how it is tried again. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Point, pointsOf, written } from "./point.ts";
import { Room } from "./room.ts";
import type { Scenario } from "./scenario.ts";
import { type Tried, tryPoint, undisturbed } from "./try-point.ts";

export interface Exploration {
  workers: number;
  say(line: string): void;
  /** the points of a scenario that are tried, in this order */
  choose(scenario: Scenario, points: Point[], steps: Map<string, string[]>): Point[];
  /** no point is begun after this time, milliseconds since 1970 */
  until?: number;
}

export interface Explored {
  points: number;
  tried: number;
  failed: Tried[];
}

/** All scenarios in their order; each may use an equal share of the time that is left. */
export async function explore(scenarios: Scenario[], exploration: Exploration): Promise<Map<string, Explored>> {
  const { until = Number.POSITIVE_INFINITY } = exploration;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-crash-")));
  const explored = new Map<string, Explored>();
  try {
    for (const [index, scenario] of scenarios.entries()) {
      const share = Date.now() + (until - Date.now()) / (scenarios.length - index);
      explored.set(scenario.name, await exploreOne(scenario, folder, { ...exploration, until: share }));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return explored;
}

async function exploreOne(
  scenario: Scenario,
  folder: string,
  exploration: Exploration & { until: number },
): Promise<Explored> {
  const { say, until } = exploration;
  const began = Date.now();
  const first = await preparedRoom(join(folder, `${scenario.name}-1`), scenario);
  const rooms = [first];
  try {
    const reference = await undisturbed(first);
    const points = [...reference.steps].flatMap(([process, steps]) => pointsOf(process, steps));
    const queue = [...exploration.choose(scenario, points, reference.steps)];
    const tried: Tried[] = [];
    const work = async (room: Room): Promise<void> => {
      for (let point = queue.shift(); point !== undefined && Date.now() < until; point = queue.shift()) {
        const one = await tryPoint(room, point, reference);
        tried.push(one);
        if (one.problems.length > 0) say(failure(scenario, one));
      }
    };
    while (rooms.length < Math.min(exploration.workers, queue.length)) {
      rooms.push(await preparedRoom(join(folder, `${scenario.name}-${rooms.length + 1}`), scenario));
    }
    await Promise.all(rooms.map(work));
    const explored = {
      points: points.length,
      tried: tried.length,
      failed: tried.filter((one) => one.problems.length > 0),
    };
    say(summary(scenario, explored, tried, Date.now() - began));
    return explored;
  } finally {
    for (const room of rooms) room.remove();
  }
}

async function preparedRoom(folder: string, scenario: Scenario): Promise<Room> {
  const room = new Room(folder, scenario);
  await room.prepare();
  return room;
}

/** The scenario, the point, the step, what is wrong, and how to try this point alone. */
function failure({ name }: Scenario, { point, step, problems }: Tried): string {
  const at = step === undefined ? "never reached, ended by itself" : step;
  const again = `npm run test:crash -- --scenario ${name} --point ${written(point)}`;
  return [
    `FAILED ${name} ${written(point)}  ${at}`,
    ...problems.map((problem) => `  ${problem}`),
    `  again: ${again}`,
  ].join("\n");
}

function summary({ name }: Scenario, { points, tried, failed }: Explored, all: Tried[], ms: number): string {
  const killed = all.filter((one) => one.step !== undefined).length;
  const each = (ms / Math.max(1, tried) / 1_000).toFixed(2);
  const time = `${(ms / 1_000).toFixed(0)} s, ${each} s a point`;
  return `${name}: ${points} points, ${tried} tried, ${killed} killed, ${failed.length} failed; ${time}`;
}
