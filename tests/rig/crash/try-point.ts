/** One point of a scenario: its process is killed there, the user goes on, and what comes of it is judged. */
import { type Observation, observe } from "./observe.ts";
import type { Point } from "./point.ts";
import type { Room } from "./room.ts";
import type { Ended } from "./scenario.ts";
import { leftovers, problems } from "./verdict.ts";

export interface Tried {
  point: Point;
  /** name of the step it was killed at; undefined when the process ended by itself before it came so far */
  step: string | undefined;
  problems: string[];
}

/** The scenario without any kill: what it comes to, and the steps of each of its processes. */
export interface Undisturbed {
  end: Observation;
  steps: Map<string, string[]>;
}

export async function undisturbed(room: Room): Promise<Undisturbed> {
  const { acts, inside = [] } = room.scenario;
  const processes = [...new Set([...acts.map((act) => act.name), ...inside])];
  room.reset();
  room.arm(...processes.map((process) => ({ process })));
  const { wrong, last } = await play(room);
  const steps = new Map(processes.map((process) => [process, room.steps(process)]));
  room.arm();
  const end = await observe(room, last);
  const left = [...wrong, ...end.processes, ...end.locks, ...end.damage];
  if (left.length > 0) throw new Error(`${room.scenario.name} fails without any kill: ${left.join("; ")}`);
  return { end, steps };
}

export async function tryPoint(room: Room, point: Point, reference: Undisturbed): Promise<Tried> {
  room.reset();
  room.arm({ process: point.process, at: `${point.step}:${point.moment}` });
  const { wrong, last } = await play(room);
  const step = room.killed ? room.steps(point.process)[point.step - 1] : undefined;
  room.arm();
  const seen = await observe(room, last);
  const found = wrong.length > 0 ? leftovers(seen, reference.end) : problems(seen, reference.end);
  return { point, step, problems: [...wrong, ...found] };
}

/** Stops at the first act that does not end as it should. */
async function play(room: Room): Promise<{ wrong: string[]; last: Ended }> {
  let last: Ended = { code: 0, said: "" };
  for (const act of room.scenario.acts) {
    const killedBefore = room.killed;
    last = await act.begin(room);
    const died = last.code === null && room.killed && !killedBefore;
    if (died) last = await act.again(room);
    if (!act.exits.includes(last.code)) return { wrong: [`${act.name}${died ? " again" : ""} ${ending(last)}`], last };
  }
  return { wrong: [], last };
}

function ending({ code, said }: Ended): string {
  return `${code === null ? "did not end" : `ended with ${code}`}: ${lastWords(said)}`;
}

/** Of a failure: what, and the cure. Of an error that nobody expected: the beginning. */
function lastWords(said: string): string {
  const lines = said.trim().split("\n");
  const from = Math.max(
    lines.findIndex((line) => /^forkjoin:/.test(line)),
    lines.findIndex((line) => /^\s+at /.test(line)) - 1,
  );
  const words = lines.slice(from < 0 ? -2 : from, from < 0 ? undefined : from + 2);
  return words.join(" ").replace(/ +/g, " ").slice(0, 400);
}
