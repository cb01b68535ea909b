/** Random planning problems, and the rules a schedule and a partition must keep, written anew here without the code they judge. */
import fc from "fast-check";
import { compileProblem } from "../../src/core/3-batch/problem/compile-problem.ts";
import type { PlanningInput, PlanningTask } from "../../src/core/3-batch/problem/planning-input.ts";
import type { Problem } from "../../src/core/3-batch/problem/problem.ts";

export interface InputShape {
  most: number;
  /** release times and tasks that run already; only streams know them */
  midway?: boolean;
  /** all of one priority, so that only the time counts */
  even?: boolean;
}

/** The same tasks, each with the priority of whatever waits for it where that is higher. */
export function handedOn(tasks: PlanningTask[]): PlanningTask[] {
  const most = (id: string): number => {
    const own = tasks.find((task) => task.id === id)?.priority ?? 0;
    return Math.max(own, ...tasks.filter(({ needs }) => needs.includes(id)).map((task) => most(task.id)));
  };
  return tasks.map((task) => ({ ...task, priority: most(task.id) }));
}

/** Acyclic problems with conflicts, locks, pools, priorities and tasks of no length; half of them without needs and pools. */
export function inputs({ most, midway = false, even = false }: InputShape): fc.Arbitrary<PlanningInput> {
  return fc.integer({ min: 1, max: most }).chain((size) => {
    const id = fc.integer({ min: 0, max: size - 1 });
    const pairs = fc.array(fc.tuple(id, id), { maxLength: size });
    return fc
      .record({
        durations: fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 900_000 })), {
          minLength: size,
          maxLength: size,
        }),
        arcs: fc.array(fc.tuple(id, id), { maxLength: 2 * size }),
        pairs,
        locks: fc.array(fc.array(id, { minLength: 1, maxLength: 5 }), { maxLength: 3 }),
        demands: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: size, maxLength: size }),
        priorities: fc.array(even ? fc.constant(0) : fc.constantFrom(0, 0, 0, 5, -5), {
          minLength: size,
          maxLength: size,
        }),
        releases: fc.array(fc.constantFrom(0, 0, 3, 500), { minLength: size, maxLength: size }),
        running: fc.boolean(),
        max_parallel: fc.integer({ min: 1, max: 6 }),
        isColouring: fc.boolean(),
      })
      .map((raw) => inputOf(raw.isColouring ? { ...raw, arcs: [], demands: raw.demands.map(() => 0) } : raw, midway));
  });
}

interface Raw {
  durations: number[];
  arcs: [number, number][];
  pairs: [number, number][];
  locks: number[][];
  demands: number[];
  priorities: number[];
  releases: number[];
  running: boolean;
  max_parallel: number;
}

function inputOf(raw: Raw, midway: boolean): PlanningInput {
  const isRunning = (task: number): boolean => midway && raw.running && task === 0;
  const tasks = raw.durations.map((duration_ms, task): PlanningTask => {
    const needs = raw.arcs.filter(([a, b]) => Math.max(a, b) === task && a !== b).map(([a, b]) => `t${Math.min(a, b)}`);
    return {
      ...{ id: `t${task}`, duration_ms, needs, priority: raw.priorities[task] },
      pools: { cpu: raw.demands[task] ?? 0 },
      release_ms: midway && !isRunning(task) ? (raw.releases[task] ?? 0) : 0,
      running: isRunning(task),
    };
  });
  return {
    tasks,
    conflicts: raw.pairs.filter(([a, b]) => a !== b).map(([a, b]) => [`t${a}`, `t${b}`] as const),
    locks: Object.fromEntries(raw.locks.map((ids, lock) => [`lock-${lock}`, ids.map((id) => `t${id}`)])),
    pools: { cpu: 4 },
    max_parallel: raw.max_parallel,
  };
}

export function compiled(input: PlanningInput): Problem {
  const problem = compileProblem(input);
  if (!problem.ok) throw new Error(problem.error.message);
  return problem.value;
}

/** Pairs that may not run side by side. */
function rivals({ conflicts, locks }: PlanningInput): [string, string][] {
  const held = Object.values(locks).flatMap((ids) =>
    ids.flatMap((a, place) => ids.slice(place + 1).map((b): [string, string] => [a, b])),
  );
  return [...conflicts.map(([a, b]): [string, string] => [a, b]), ...held].filter(([a, b]) => a !== b);
}

/** Everything that is wrong with `start` as a schedule for `input`. */
export function scheduleFaults(input: PlanningInput, start: Float64Array): string[] {
  const begin = new Map(input.tasks.map((task, place) => [task.id, start[place] ?? Number.NaN]));
  const end = new Map(input.tasks.map((task) => [task.id, (begin.get(task.id) ?? Number.NaN) + task.duration_ms]));
  const overlap = (a: string, b: string): boolean =>
    (begin.get(a) ?? 0) < (end.get(b) ?? 0) && (begin.get(b) ?? 0) < (end.get(a) ?? 0);
  const length = new Map(input.tasks.map((task) => [task.id, task.duration_ms]));
  const isLong = (id: string): boolean => (length.get(id) ?? 0) > 0;
  const found = input.tasks.flatMap((task) => {
    const at = begin.get(task.id) ?? Number.NaN;
    const early = task.needs
      .filter((need) => !(at >= (end.get(need) ?? Number.NaN)))
      .map((need) => `${task.id} before ${need}`);
    if (!(at >= (task.release_ms ?? 0))) early.push(`${task.id} before its release`);
    if (task.running && at !== 0) early.push(`${task.id} runs already`);
    return early;
  });
  for (const [a, b] of rivals(input)) if (isLong(a) && isLong(b) && overlap(a, b)) found.push(`${a} beside ${b}`);
  for (const task of input.tasks.filter(({ id }) => isLong(id))) {
    const at = begin.get(task.id) ?? 0;
    const beside = input.tasks.filter(({ id }) => isLong(id) && (begin.get(id) ?? 0) <= at && at < (end.get(id) ?? 0));
    if (beside.length > input.max_parallel) found.push(`${beside.length} at once at ${at}`);
    const units = beside.reduce((sum, other) => sum + (other.pools?.cpu ?? 0), 0);
    if (units > (input.pools.cpu ?? 0)) found.push(`${units} of the pool at ${at}`);
  }
  return found;
}

/** Everything that is wrong with `batches` as a partition for `input`. */
export function partitionFaults(input: PlanningInput, batches: readonly (readonly number[])[]): string[] {
  const place = new Map<string, number>(
    batches.flatMap((tasks, batch) => tasks.map((task): [string, number] => [`t${task}`, batch])),
  );
  const total = batches.reduce((sum, tasks) => sum + tasks.length, 0);
  const found = total === input.tasks.length && place.size === total ? [] : [`${total} places`];
  for (const { id, needs } of input.tasks) {
    found.push(
      ...needs
        .filter((need) => !((place.get(need) ?? Infinity) < (place.get(id) ?? 0)))
        .map((need) => `${id} not after ${need}`),
    );
  }
  found.push(
    ...rivals(input)
      .filter(([a, b]) => place.get(a) === place.get(b))
      .map(([a, b]) => `${a} beside ${b}`),
  );
  for (const tasks of batches) {
    if (tasks.length === 0 || tasks.length > input.max_parallel) found.push(`${tasks.length} in a batch`);
    const units = tasks.reduce((sum, task) => sum + (input.tasks[task]?.pools?.cpu ?? 0), 0);
    if (units > (input.pools.cpu ?? 0)) found.push(`${units} of the pool in a batch`);
  }
  return found;
}
