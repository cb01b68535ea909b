/** Errors in a planner's input, found before it begins: each names the task, the field, the value and the cure. */
import { type Failure, failure, type Problem } from "../../model/failure.ts";
import { MAX_DURATION_MS, type PlanningInput, type PlanningTask } from "./planning-input.ts";
import type { Rows } from "./rows.ts";

type Places = ReadonlyMap<string, number>;

/** Failure that lists all errors of `input` apart from cycles; undefined when there are none. */
export function inputFailure(input: PlanningInput, places: Places): Failure | undefined {
  const problems = [
    ...repeated(input, places),
    ...slotProblems(input),
    ...input.tasks.flatMap((task) => taskProblems(task, input, places)),
    ...input.conflicts.flatMap((pair) => pairProblems(pair, places)),
    ...Object.entries(input.locks).flatMap(([lock, ids]) => lockProblems(lock, ids, places)),
    ...Object.entries(input.pools).filter(isWrongPool).map(poolProblem),
  ];
  const [first] = problems;
  return first === undefined ? undefined : { ...failure("invalid_input", first.message, first.fix), problems };
}

/** The tasks of one cycle, in order. */
export function cycleFailure(tasks: readonly PlanningTask[], needs: Rows): Failure {
  const ids = cycleOf(needs).map((task) => tasks[task]?.id ?? "");
  const path = [...ids, ids[0] ?? ""].join(" → ");
  return failure("cycle", `tasks wait for each other: ${path}`, `take one of these dependencies away: ${path}`);
}

/** Walks from task to need, among tasks that have one on a cycle, until it meets its own trail. */
function cycleOf(needs: Rows): number[] {
  const left = needs.map((row) => new Set(row));
  const stuck = withoutSources(left);
  const trail: number[] = [];
  let task = stuck.values().next().value ?? 0;
  while (!trail.includes(task)) {
    trail.push(task);
    task = [...(left[task] ?? [])].find((need) => stuck.has(need)) ?? task;
  }
  return trail.slice(trail.indexOf(task)).reverse();
}

/** Tasks that remain when those without open needs are taken away again and again. */
function withoutSources(left: readonly Set<number>[]): Set<number> {
  const stuck = new Set(left.keys());
  for (let before = Infinity; stuck.size < before; ) {
    before = stuck.size;
    for (const task of stuck) if ([...(left[task] ?? [])].every((need) => !stuck.has(need))) stuck.delete(task);
  }
  return stuck;
}

function repeated({ tasks }: PlanningInput, places: Places): Problem[] {
  const twice = tasks.filter((task, place) => places.get(task.id) !== place);
  return twice.map(({ id }) => problem(id, "id", `task ${id} is in the list twice`, "give each task an id of its own"));
}

function slotProblems({ max_parallel }: PlanningInput): Problem[] {
  if (Number.isInteger(max_parallel) && max_parallel >= 1) return [];
  return [problem(undefined, "max_parallel", `max_parallel is ${max_parallel}`, "write a whole number from 1 up")];
}

function taskProblems(task: PlanningTask, input: PlanningInput, places: Places): Problem[] {
  const { id, duration_ms, release_ms = 0, priority = 0, needs } = task;
  const found = needs.filter((need) => !places.has(need)).map((need) => unknown(id, "needs", need));
  if (needs.includes(id))
    found.push(problem(id, "needs", `task ${id} waits for itself`, `take ${id} out of its needs`));
  if (!isTime(duration_ms)) found.push(timeProblem(id, "duration", duration_ms));
  if (!isTime(release_ms)) found.push(timeProblem(id, "release", release_ms));
  if (!Number.isFinite(priority))
    found.push(problem(id, "priority", `task ${id}: priority is ${priority}`, "write a number"));
  return [...found, ...demandProblems(task, input.pools)];
}

/** Errors in a task's demand for pools. */
export function demandProblems({ id, pools = {} }: PlanningTask, capacities: PlanningInput["pools"]): Problem[] {
  return Object.entries(pools).flatMap(([pool, units]) => {
    const capacity = Object.hasOwn(capacities, pool) ? capacities[pool] : undefined;
    const field = `pools.${pool}`;
    if (capacity === undefined) {
      const known = Object.keys(capacities).sort().join(", ") || "none";
      return [problem(id, field, `task ${id} needs pool ${pool}, which does not exist`, `known pools: ${known}`)];
    }
    if (!Number.isInteger(units) || units < 0) {
      return [problem(id, field, `task ${id} needs ${units} of pool ${pool}`, "write a whole number from 0 up")];
    }
    if (units <= capacity) return [];
    const message = `task ${id} needs ${units} of pool ${pool}, which has ${capacity}`;
    return [problem(id, field, message, `let it need at most ${capacity}, or make the pool larger`)];
  });
}

function pairProblems(pair: readonly [string, string], places: Places): Problem[] {
  const found = pair.filter((id) => !places.has(id)).map((id) => unknown(id, "conflicts", id));
  const [one, other] = pair;
  if (one === other) found.push(problem(one, "conflicts", `task ${one} conflicts with itself`, "take the pair away"));
  return found;
}

function lockProblems(lock: string, ids: readonly string[], places: Places): Problem[] {
  const field = `locks.${lock}`;
  if (ids.length === 0) return [problem(undefined, field, `lock ${lock} is held by no task`, "take the lock away")];
  return ids.filter((id) => !places.has(id)).map((id) => unknown(id, field, id));
}

export function isWrongPool([, capacity]: [string, number]): boolean {
  return !(Number.isInteger(capacity) && capacity > 0);
}

function poolProblem([pool, capacity]: [string, number]): Problem {
  return problem(undefined, `pools.${pool}`, `pool ${pool} has ${capacity} units`, "write a whole number above 0");
}

export function isTime(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0 && ms <= MAX_DURATION_MS;
}

function timeProblem(id: string, what: string, ms: number): Problem {
  return problem(id, what, `task ${id}: ${what} is ${ms} ms`, `write a time from 0 to ${MAX_DURATION_MS} ms`);
}

function unknown(task: string, field: string, id: string): Problem {
  return problem(task, field, `${field} of ${task} names ${id}, which is no task`, "name a task of the list");
}

function problem(task: string | undefined, field: string, message: string, fix: string): Problem {
  return { ...(task === undefined ? {} : { task_id: task }), field, code: "invalid_plan_input", message, fix };
}
