/** Phase 3 — list order counts: of tasks that never run side by side the earlier in the list goes first, unless what they need says otherwise. */
import type { Task } from "../model/task.ts";
import type { PlanningInput, PlanningTask } from "./problem/planning-input.ts";
import { TaskHeap } from "./problem/task-heap.ts";

/** More tasks than this are ordered without looking for needs that run against the list. */
const MOST_TASKS = 5_000;

/**
 * The same input, in which tasks that conflict or hold one lock need those of them that go first. What runs already goes first of all;
 * then whoever creates a file that the other one changes; then the earlier in `list`.
 */
export function inListOrder(input: PlanningInput, list: readonly Task[]): PlanningInput {
  const { tasks, conflicts, locks } = input;
  const sharing = Object.values(locks).filter((ids) => ids.length > 1);
  if (conflicts.length === 0 && sharing.length === 0) return input;
  const places = new Map(tasks.map(({ id }, place) => [id, place]));
  const at = (id: string): number => places.get(id) ?? -1;
  const needs = tasks.map((task) => task.needs.map(at).filter((place) => place !== -1));
  const pairs = [...pairsOf(conflicts, at), ...sharing.flatMap((ids) => chainOf(ids, at))];
  const wanted = wantedOrder(pairs, { tasks, files: filesOf(list, at), needs });
  const rank = orderOf(needs, wanted);
  const more = tasks.map((): string[] => []);
  const add = (one: number, other: number): void => {
    const [first, second] = (rank[one] ?? 0) < (rank[other] ?? 0) ? [one, other] : [other, one];
    if (tasks[second]?.running !== true) more[second]?.push(tasks[first]?.id ?? "");
  };
  for (const [one, other] of pairsOf(conflicts, at)) add(one, other);
  for (const ids of sharing) {
    const sorted = ids
      .map(at)
      .filter((place) => place !== -1)
      .sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
    const running = sorted.filter((task) => tasks[task]?.running === true);
    for (const [place, task] of sorted.entries()) {
      const before = place === running.length ? running : sorted.slice(Math.max(0, place - 1), place);
      for (const other of before) add(other, task);
    }
  }
  return { ...input, tasks: tasks.map((task, place) => withNeeds(task, more[place] ?? [])) };
}

function withNeeds(task: PlanningTask, more: string[]): PlanningTask {
  return more.length === 0 ? task : { ...task, needs: [...new Set([...task.needs, ...more])] };
}

type Pair = readonly [number, number];

function pairsOf(conflicts: PlanningInput["conflicts"], at: (id: string) => number): Pair[] {
  return conflicts.map(([a, b]): Pair => [at(a), at(b)]).filter(([a, b]) => a !== -1 && b !== -1 && a !== b);
}

/** Neighbours in the list: the rest follows from them. */
function chainOf(ids: readonly string[], at: (id: string) => number): Pair[] {
  const sorted = ids
    .map(at)
    .filter((place) => place !== -1)
    .sort((a, b) => a - b);
  return sorted.slice(1).map((task, index): Pair => [sorted[index] ?? 0, task]);
}

interface Known {
  tasks: readonly PlanningTask[];
  files: { created: ReadonlySet<string>; modified: ReadonlySet<string> }[];
  needs: number[][];
}

/** For each task those that should go before it: what contradicts the needs is left out. */
function wantedOrder(pairs: readonly Pair[], { tasks, files, needs }: Known): number[][] {
  const before = tasks.map((): number[] => []);
  const against = needs.some((row, task) => row.some((need) => need > task)) && tasks.length <= MOST_TASKS;
  const reaches = against ? ancestorsOf(needs) : undefined;
  const isFirst = (one: number, other: number): boolean => {
    const [a, b] = [tasks[one]?.running === true, tasks[other]?.running === true];
    if (a !== b) return a;
    const [creates, created] = [createsFor(one, other, files), createsFor(other, one, files)];
    return creates === created ? one < other : creates;
  };
  for (const [one, other] of pairs) {
    const [first, second] = isFirst(one, other) ? [one, other] : [other, one];
    if (reaches?.[first]?.has(second) !== true) before[second]?.push(first);
  }
  return before;
}

/** Whether `one`, which only makes new files, makes one that `other` changes beside files that are there. */
function createsFor(one: number, other: number, files: Known["files"]): boolean {
  const { created } = files[one] ?? NO_FILES;
  const { modified } = files[other] ?? NO_FILES;
  return [...created].some((path) => modified.has(path));
}

const NONE: ReadonlySet<string> = new Set();
const NO_FILES = { created: NONE, modified: NONE };

function filesOf(list: readonly Task[], at: (id: string) => number): Known["files"] {
  const files: Known["files"] = [];
  for (const task of list) {
    const place = at(task.id);
    if (place === -1) continue;
    const paths = new Set(task.files);
    files[place] = {
      created: task.category === "creation" ? paths : NONE,
      modified: task.category === "modification" ? paths : NONE,
    };
  }
  return files;
}

function ancestorsOf(needs: number[][]): Set<number>[] {
  return needs.map((row) => {
    const found = new Set<number>();
    const pending = [...row];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      pending.push(...(needs[next] ?? []));
    }
    return found;
  });
}

/**
 * task → its place in an order that keeps to all needs, and to what is wanted as far as that goes: where the wishes form a circle with
 * the needs, the first task in the list that is left has its way, with what it needs before it.
 */
function orderOf(needs: number[][], wanted: number[][]): Int32Array {
  const size = needs.length;
  const rank = new Int32Array(size).fill(-1);
  const openNeeds = Int32Array.from(needs, (row) => row.length);
  const openWishes = Int32Array.from(wanted, (row) => row.length);
  const needed = turned(needs);
  const wished = turned(wanted);
  const free = new TaskHeap(new Float64Array(size));
  const look = (task: number): void => {
    if (rank[task] === -1 && openNeeds[task] === 0 && openWishes[task] === 0) free.push(task);
  };
  let first = 0;
  const blocked = (): number | undefined => {
    while (first < size && rank[first] !== -1) first++;
    let task: number | undefined = first < size ? first : undefined;
    while (task !== undefined && openNeeds[task] !== 0) task = needs[task]?.find((need) => rank[need] === -1);
    return task;
  };
  for (let task = 0; task < size; task++) look(task);
  for (let place = 0; place < size; ) {
    const task = free.pop() ?? blocked();
    if (task === undefined) break;
    if (rank[task] !== -1) continue;
    rank[task] = place++;
    for (const next of needed[task] ?? []) {
      openNeeds[next] = (openNeeds[next] ?? 0) - 1;
      look(next);
    }
    for (const next of wished[task] ?? []) {
      openWishes[next] = (openWishes[next] ?? 0) - 1;
      if (openWishes[next] === 0) look(next);
    }
  }
  return rank;
}

function turned(rows: number[][]): number[][] {
  const result = rows.map((): number[] => []);
  for (const [task, row] of rows.entries()) for (const item of row) result[item]?.push(task);
  return result;
}
