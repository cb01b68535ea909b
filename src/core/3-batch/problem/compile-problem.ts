/** From ids to numbers, once: phase 3's input as a `Problem`, or everything that is wrong with it, by name. */
import type { Failure } from "../../model/failure.ts";
import { err, ok, type Result } from "../../model/result.ts";
import { cycleFailure, demandProblems, inputFailure, isTime, isWrongPool } from "./input-problems.ts";
import type { PlanningInput, PlanningTask } from "./planning-input.ts";
import type { Pool, Problem } from "./problem.ts";
import { emptyRows, type Rows, turned } from "./rows.ts";
import { topologicalOrder } from "./topological-order.ts";

/** Memory is linear in tasks, dependencies, conflicts and lock memberships. */
export function compileProblem(input: PlanningInput): Result<Problem, Failure> {
  const { tasks } = input;
  const places = new Map<string, number>();
  tasks.forEach((task, place) => {
    places.set(task.id, place);
  });
  let unknown = 0;
  const at = (id: string): number => {
    const place = places.get(id);
    if (place === undefined) unknown++;
    return place ?? 0;
  };
  const needs = tasks.map((task) => row(task.needs.map(at)));
  const lockNames = Object.keys(input.locks).sort();
  const holders = lockNames.map((name) => row((input.locks[name] ?? []).map(at)));
  const rivals = pairRows(input.conflicts, at, tasks.length);
  const isSound = unknown === 0 && places.size === tasks.length && looksSound(input, { needs, rivals, holders });
  const wrong = isSound ? undefined : inputFailure(input, places);
  if (wrong !== undefined) return err(wrong);
  const followers = turned(needs, tasks.length);
  const order = topologicalOrder(needs, followers);
  if (order.length < tasks.length) return err(cycleFailure(tasks, needs));
  const numbers = numbersOf(tasks);
  handOn(numbers.priority, needs, order);
  return ok({
    size: tasks.length,
    ids: tasks.map((task) => task.id),
    ...numbers,
    needs,
    followers,
    order,
    lockNames,
    holders,
    rivals,
    locks: turned(holders, tasks.length),
    slots: input.max_parallel,
    pools: poolsOf(input),
  });
}

/** A quick look that clears most inputs; what it does not clear is judged field by field. */
function looksSound(input: PlanningInput, rows: { needs: Rows; rivals: Rows; holders: Rows }): boolean {
  const { tasks, pools, max_parallel } = input;
  if (!(Number.isInteger(max_parallel) && max_parallel >= 1)) return false;
  if (rows.holders.some((row) => row.length === 0) || Object.entries(pools).some(isWrongPool)) return false;
  const isPlain = (task: PlanningTask): boolean => {
    const { duration_ms, release_ms = 0, priority = 0 } = task;
    const fits = task.pools === undefined || demandProblems(task, pools).length === 0;
    return fits && isTime(duration_ms) && isTime(release_ms) && Number.isFinite(priority);
  };
  return tasks.every((task, place) => {
    return isPlain(task) && !rows.needs[place]?.includes(place) && !rows.rivals[place]?.includes(place);
  });
}

function numbersOf(tasks: readonly PlanningTask[]) {
  const numbers = {
    duration: new Float64Array(tasks.length),
    release: new Float64Array(tasks.length),
    priority: new Float64Array(tasks.length),
    running: new Uint8Array(tasks.length),
  };
  tasks.forEach((task, place) => {
    numbers.duration[place] = task.duration_ms;
    numbers.release[place] = task.release_ms ?? 0;
    numbers.priority[place] = task.priority ?? 0;
    numbers.running[place] = task.running ? 1 : 0;
  });
  return numbers;
}

/** A task has the priority of whatever waits for it, where that is higher. */
function handOn(priority: Float64Array, needs: Rows, order: Int32Array): void {
  for (const task of order.toReversed()) {
    for (const need of needs[task] ?? []) priority[need] = Math.max(priority[need] ?? 0, priority[task] ?? 0);
  }
}

/** Ascending, without repeats. */
function row(items: number[]): number[] {
  for (let place = 1; place < items.length; place++) {
    if ((items[place] ?? 0) > (items[place - 1] ?? 0)) continue;
    const sorted = items.sort((a, b) => a - b);
    return sorted.filter((item, at) => item !== sorted[at - 1]);
  }
  return items;
}

function pairRows(pairs: PlanningInput["conflicts"], at: (id: string) => number, size: number): Rows {
  if (pairs.length === 0) return emptyRows(size);
  const rows: number[][] = Array.from({ length: size }, () => []);
  for (const [one, other] of pairs) {
    rows[at(one)]?.push(at(other));
    rows[at(other)]?.push(at(one));
  }
  return rows.map(row);
}

function poolsOf({ tasks, pools }: PlanningInput): Pool[] {
  const names = Object.keys(pools).sort();
  return names.map((name) => ({
    name,
    capacity: pools[name] ?? 0,
    demand: Float64Array.from(tasks, (task) => task.pools?.[name] ?? 0),
  }));
}
