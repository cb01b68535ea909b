/** From ids to numbers, once: phase 3's input as a `Problem`, or everything that is wrong with it, by name. */
import type { Failure } from "../../model/failure.ts";
import { err, ok, type Result } from "../../model/result.ts";
import { cycleFailure, inputFailure } from "./input-problems.ts";
import type { PlanningInput, PlanningTask } from "./planning-input.ts";
import type { Pool, Problem, Rows } from "./problem.ts";
import { topologicalOrder } from "./topological-order.ts";

/** Memory is linear in tasks, dependencies, conflicts and lock memberships. */
export function compileProblem(input: PlanningInput): Result<Problem, Failure> {
  const places = new Map(input.tasks.map((task, place) => [task.id, place]));
  const wrong = inputFailure(input, places);
  if (wrong !== undefined) return err(wrong);
  const { tasks } = input;
  const at = (id: string): number => places.get(id) ?? 0;
  const needs = tasks.map((task) => row(task.needs.map(at)));
  const followers = turned(needs, tasks.length);
  const order = topologicalOrder(needs, followers);
  if (order.length < tasks.length) return err(cycleFailure(tasks, needs));
  const lockNames = Object.keys(input.locks).sort();
  const holders = lockNames.map((name) => row((input.locks[name] ?? []).map(at)));
  return ok({
    size: tasks.length,
    ids: tasks.map((task) => task.id),
    ...numbersOf(tasks),
    ...{ needs, followers, order, lockNames, holders },
    rivals: pairRows(input.conflicts, at, tasks.length),
    locks: turned(holders, tasks.length),
    slots: input.max_parallel,
    pools: poolsOf(input),
  });
}

function numbersOf(tasks: readonly PlanningTask[]) {
  return {
    duration: Float64Array.from(tasks, (task) => task.duration_ms),
    release: Float64Array.from(tasks, (task) => task.release_ms ?? 0),
    priority: Float64Array.from(tasks, (task) => task.priority ?? 0),
    running: Uint8Array.from(tasks, (task) => (task.running ? 1 : 0)),
  };
}

/** Ascending, without repeats. */
function row(items: number[]): number[] {
  const sorted = items.sort((a, b) => a - b);
  return sorted.filter((item, place) => item !== sorted[place - 1]);
}

/** For every item the rows it is in. */
function turned(rows: Rows, size: number): number[][] {
  const result: number[][] = Array.from({ length: size }, () => []);
  for (const [place, items] of rows.entries()) for (const item of items) result[item]?.push(place);
  return result;
}

function pairRows(pairs: PlanningInput["conflicts"], at: (id: string) => number, size: number): number[][] {
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
