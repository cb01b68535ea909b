/** What holds for every plan, checked on random task lists by rules written anew here, without the code they judge. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SYNC_OVERHEAD_MS } from "../../src/core/3-batch/sync-overhead.ts";
import type { ExecutionPlan } from "../../src/core/model/execution-plan.ts";
import type { Task } from "../../src/core/model/task.ts";
import type { TaskList } from "../../src/core/model/task-list.ts";
import { graphOf, listOf, planOf } from "../core/sample-plan.ts";
import { rounds } from "../rig/extent.ts";

const RUNS = { numRuns: rounds(40, 120) };

/** Ids that objects have a meaning or an order of their own for, among ordinary ones. */
const IDS = [
  "constructor",
  "tostring",
  "valueof",
  "10",
  "9",
  "2",
  "1",
  "0",
  ...Array.from({ length: 22 }, (_, n) => `t${n}`),
];
const SCOPES = [
  ...["src/**", "src/core/**", "src/core/a.ts", "src/core/b.ts#parse", "src/main.ts", "SRC/Main.ts", "lib/**"],
  ...["lib/x/y/z.ts", "new", "new/file.ts", "docs/ä.md", "docs/Ä.md", "tests/a.ts", "tests/b.ts", "tests/c.ts"],
];

interface Entry {
  id: string;
  description: string;
  files: string[];
  estimated: string;
  depends_on: string[];
  conflicts_with: string[];
  locks: string[];
  access: string;
}

/** Acyclic lists of 1 to 30 tasks, in any order, with overlapping scopes, locks and conflicts, some of them said twice. */
const entries: fc.Arbitrary<Entry[]> = fc
  .shuffledSubarray(IDS, { minLength: 1 })
  .chain((ids) => fc.tuple(...ids.map((_, index) => entryOf(ids, index))))
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));

function entryOf(ids: string[], index: number): fc.Arbitrary<Entry> {
  const [id = "", earlier, others] = [ids[index], ids.slice(0, index), ids.filter((_, place) => place !== index)];
  const some = (from: string[], maxLength: number) =>
    from.length === 0 ? fc.constant<string[]>([]) : fc.array(fc.constantFrom(...from), { maxLength });
  return fc.record({
    id: fc.constant(id),
    description: fc.constant("Change it"),
    files: fc.oneof(
      { weight: 2, arbitrary: fc.constant<string[]>([`own/${index}.ts`]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 3 }) },
    ),
    estimated: fc.oneof(
      fc.constantFrom("5min", "10min", "30min"),
      fc.integer({ min: 1, max: 1_800_000 }).map((ms) => `${ms}ms`),
    ),
    depends_on: some(earlier, 3),
    conflicts_with: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: some(others, 2) },
    ),
    locks: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: some(["db", "1", "constructor"], 3) },
    ),
    access: fc.constantFrom("write", "write", "write", "read_only", "read_only+test_execution"),
  });
}

const slots = fc.integer({ min: 1, max: 8 });

/** Two entries meet when one names the other's path, or a place above it, where case does not count. */
function entriesMeet(one: string, other: string): boolean {
  const place = (entry: string): string =>
    `${entry
      .replace(/#.*$/, "")
      .replace(/\/?\*\*$/, "")
      .toLowerCase()}/`;
  const [a, b] = [place(one), place(other)];
  return a.startsWith(b) || b.startsWith(a);
}

function mayNotMeet(a: Task, b: Task): boolean {
  const writes = a.access === "write" && b.access === "write";
  const sameFile = writes && a.files.some((one) => b.files.some((other) => entriesMeet(one, other)));
  const declared = a.conflicts_with.includes(b.id) || b.conflicts_with.includes(a.id);
  return sameFile || declared || a.locks.some((lock) => b.locks.includes(lock));
}

/** Everything that is wrong with `plan` as a plan for `list`. */
function faults(list: TaskList, plan: ExecutionPlan, maxParallel: number): string[] {
  const byId = new Map(list.tasks.map((task) => [task.id, task]));
  const batchOf = new Map(plan.batches.flatMap((batch) => batch.tasks.map((id) => [id, batch.batch_id])));
  const planned = plan.batches.flatMap((batch) => batch.tasks);
  const found = planned.length === list.tasks.length ? [] : [`${planned.length} places for ${list.tasks.length} tasks`];
  for (const task of list.tasks) {
    const batch = batchOf.get(task.id);
    if (batch === undefined) found.push(`${task.id} is in no batch`);
    const late = task.depends_on.filter((id) => (batchOf.get(id) ?? Infinity) >= (batch ?? 0));
    found.push(...late.map((id) => `${task.id} does not run after ${id}`));
  }
  for (const batch of plan.batches) {
    const tasks = batch.tasks.flatMap((id) => byId.get(id) ?? []);
    if (tasks.length === 0 || tasks.length > maxParallel) found.push(`${tasks.length} tasks in a batch`);
    const pairs = tasks.flatMap((a, index) => tasks.slice(index + 1).map((b) => [a, b] as const));
    found.push(...pairs.filter(([a, b]) => mayNotMeet(a, b)).map(([a, b]) => `${a.id} runs beside ${b.id}`));
  }
  return found;
}

/** Milliseconds of the plan, worked out from its batches and the tasks' estimates alone. */
function recomputed(list: TaskList, plan: ExecutionPlan) {
  const own = new Map(list.tasks.map((task) => [task.id, task.estimated_ms]));
  const longest = plan.batches.map((batch) => Math.max(...batch.tasks.map((id) => own.get(id) ?? Number.NaN)));
  const parallel = longest.reduce((sum, ms) => sum + ms + SYNC_OVERHEAD_MS, 0);
  const sequential = [...own.values()].reduce((sum, ms) => sum + ms, 0);
  return { longest, parallel, sequential, savings: sequential - parallel };
}

describe("for every task list", () => {
  test("every task is in exactly one batch, after what it needs, beside nothing it may not meet, at most N wide", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(tasks);
        expect(faults(list, planOf(list, maxParallel), maxParallel)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("the reported conflicts are exactly the pairs whose scopes meet or that declare each other", () => {
    fc.assert(
      fc.property(entries, (tasks) => {
        const { tasks: list } = listOf(tasks);
        const expected = list.flatMap((a, index) =>
          list
            .slice(index + 1)
            .filter((b) => mayNotMeet({ ...a, locks: [] }, b))
            .map((b) => [a.id, b.id].sort().join(" ")),
        );
        expect(graphOf(listOf(tasks)).conflicts.map((pair) => pair.join(" "))).toEqual(expected.sort());
      }),
      RUNS,
    );
  });

  test("the same input gives the same bytes, and ids inside a batch keep the order of the list", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(tasks);
        const plan = planOf(list, maxParallel);
        expect(JSON.stringify(planOf(listOf(structuredClone(tasks)), maxParallel))).toEqual(JSON.stringify(plan));
        const order = list.tasks.map((task) => task.id);
        const sorted = plan.batches.map((batch) => order.filter((id) => batch.tasks.includes(id)));
        expect(plan.batches.map((batch) => batch.tasks)).toEqual(sorted);
      }),
      RUNS,
    );
  });

  test("the reported times are those one gets by recomputing them", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(tasks);
        const plan = planOf(list, maxParallel);
        expect({
          longest: plan.batches.map((batch) => batch.estimated_time_ms),
          parallel: plan.estimated_parallel_time_ms,
          sequential: plan.estimated_sequential_time_ms,
          savings: plan.time_savings_ms,
        }).toEqual(recomputed(list, plan));
      }),
      RUNS,
    );
  });

  test("the schedule gives every task its own time, and no slot to two tasks at once", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(tasks);
        const { schedule } = planOf(list, maxParallel);
        const times = new Map(schedule.map((entry) => [entry.task_id, entry.end_ms - entry.start_ms]));
        expect(Object.fromEntries(times)).toEqual(
          Object.fromEntries(list.tasks.map((task) => [task.id, task.estimated_ms])),
        );
        const clashes = schedule.filter((a) =>
          schedule.some((b) => a !== b && a.slot === b.slot && a.start_ms < b.end_ms && b.start_ms < a.end_ms),
        );
        const slotsOutside = schedule.filter((entry) => entry.slot < 1 || entry.slot > maxParallel);
        expect({ clashes, slotsOutside }).toEqual({ clashes: [], slotsOutside: [] });
      }),
      RUNS,
    );
  });

  test("the lower bound is at most the planned time, and at least the critical path and the shared work", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(tasks);
        const plan = planOf(list, maxParallel);
        const { critical_path_ms } = graphOf(list);
        const least = Math.max(critical_path_ms, plan.estimated_sequential_time_ms / maxParallel);
        expect(plan.lower_bound_ms).toBeGreaterThanOrEqual(least);
        expect(plan.lower_bound_ms + plan.total_batches * SYNC_OVERHEAD_MS).toBeLessThanOrEqual(
          plan.estimated_parallel_time_ms,
        );
        expect(plan.gap).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  test("in another order it still gets a valid plan, with the same conflicts and chain length", () => {
    fc.assert(
      fc.property(entries, slots, fc.infiniteStream(fc.nat()), (tasks, maxParallel, keys) => {
        const keyed = tasks.map((task) => ({ task, key: keys.next().value ?? 0 }));
        const other = listOf(keyed.sort((a, b) => a.key - b.key).map(({ task }) => task));
        expect(faults(other, planOf(other, maxParallel), maxParallel)).toEqual([]);
        const [graph, same] = [graphOf(listOf(tasks)), graphOf(other)];
        expect([same.conflicts, same.critical_path]).toEqual([graph.conflicts, graph.critical_path]);
      }),
      RUNS,
    );
  });

  test("no edge runs against the dependencies", () => {
    fc.assert(
      fc.property(entries, (tasks) => {
        const graph = graphOf(listOf(tasks));
        const needs = new Map(Object.entries(graph.tasks));
        const against = graph.edges.filter(({ from, to }) => reaches(needs, from, to));
        expect(against).toEqual([]);
      }),
      RUNS,
    );
  });

  test("of two tasks that may not meet the earlier in the list goes first, where nothing it needs is in the way", () => {
    fc.assert(
      fc.property(entries, slots, fc.constantFrom("batches", "streaming"), (tasks, maxParallel, mode) => {
        const list = listOf(needsFirst(tasks));
        fc.pre(!list.tasks.some((task) => list.tasks.some((other) => createsFor(task, other))));
        const { schedule } = planOf(list, maxParallel, { mode });
        const start = new Map(schedule.map(({ task_id, start_ms }) => [task_id, start_ms]));
        for (const [place, later] of list.tasks.entries()) {
          const before = list.tasks.slice(0, place).filter((one) => mayNotMeet(one, later));
          for (const earlier of before) {
            expect(start.get(earlier.id), `${earlier.id} before ${later.id}`).toBeLessThan(start.get(later.id) ?? 0);
          }
        }
      }),
      RUNS,
    );
  });

  test("no plan is longer than plain levels, each filled with its longest tasks first", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const list = listOf(needsFirst(tasks));
        fc.pre(!list.tasks.some((task) => list.tasks.some((other) => createsFor(task, other))));
        const planned = planOf(list, maxParallel).estimated_parallel_time_ms;
        expect(planned).toBeLessThanOrEqual(plainLevels(list.tasks, maxParallel));
      }),
      RUNS,
    );
  });

  test("the verdict is parallel exactly when two tasks run at once and time is saved", () => {
    fc.assert(
      fc.property(entries, slots, (tasks, maxParallel) => {
        const plan = planOf(listOf(tasks), maxParallel);
        const pays = plan.batches.some((batch) => batch.tasks.length > 1) && plan.time_savings_ms > 0;
        expect(plan.recommendation).toEqual(pays ? "parallel" : "sequential");
      }),
      RUNS,
    );
  });
});

/** Whether `task` makes a file that `other` changes beside files that are there: it goes first, wherever it stands in the list. */
function createsFor(task: Task, other: Task): boolean {
  if (task.category !== "creation" || other.category !== "modification") return false;
  return task.files.some((path) => other.files.includes(path));
}

/** The same list, turned as little as it takes for every task to come after what it needs. */
function needsFirst(tasks: Entry[]): Entry[] {
  const sorted: Entry[] = [];
  const put = (task: Entry): void => {
    if (sorted.includes(task)) return;
    for (const id of task.depends_on) for (const needed of tasks.filter((one) => one.id === id)) put(needed);
    sorted.push(task);
  };
  for (const task of tasks) put(task);
  return sorted;
}

/** Milliseconds of the specification's literal plan: level after level in the order of the list, cut where the width or a conflict says so. */
function plainLevels(tasks: Task[], maxParallel: number): number {
  const done = new Set<string>();
  let total = 0;
  while (done.size < tasks.length) {
    const open = tasks.filter((task) => !done.has(task.id));
    const ready = open.filter(
      (task, place) =>
        task.depends_on.every((id) => done.has(id)) && !open.slice(0, place).some((other) => mayNotMeet(other, task)),
    );
    let level = ready.sort((a, b) => b.estimated_ms - a.estimated_ms);
    while (level.length > 0) {
      const batch: Task[] = [];
      for (const task of level) {
        if (batch.length < maxParallel && !batch.some((other) => mayNotMeet(other, task))) batch.push(task);
      }
      total += Math.max(...batch.map((task) => task.estimated_ms)) + SYNC_OVERHEAD_MS;
      for (const task of batch) done.add(task.id);
      level = level.filter((task) => !batch.includes(task));
    }
  }
  return total;
}

/** Does `from` need `to`, directly or not? */
function reaches(needs: Map<string, string[]>, from: string, to: string): boolean {
  const pending = [...(needs.get(from) ?? [])];
  const seen = new Set<string>();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    pending.push(...(needs.get(id) ?? []));
  }
  return false;
}

describe("1,000 tasks are planned in less than 4 s of processor time", () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => index);
  const earlier = (index: number, ...steps: number[]): string[] =>
    steps.filter((step) => step <= index).map((step) => `t${index - step}`);

  test.each([
    [
      "in layers of 40, each waiting for three of the layer before, on shared folders",
      (index: number) => ({
        files: [`src/m${index % 97}/f${index}.ts`, index % 50 === 0 ? `src/m${index % 97}/**` : `docs/${index}.md`],
        depends_on: earlier(index, 40, 41, 47),
        locks: index % 10 === 0 ? [`lock-${index % 3}`] : [],
        conflicts_with: earlier(index, 7),
      }),
    ],
    ["in one chain", (index: number) => ({ files: [`${index}`], depends_on: earlier(index, 1) })],
    ["all on the whole repository", () => ({ files: ["**"] })],
    ["all behind one lock", (index: number) => ({ files: [`${index}`], locks: ["the-one"] })],
    [
      "with 50 locks each",
      (index: number) => ({
        files: [`${index}`],
        locks: Array.from({ length: 50 }, (_, lock) => `lock-${index}-${lock}`),
      }),
    ],
  ])("%s", (_, fields) => {
    const list = listOf(
      thousand.map((index) => ({
        id: `t${index}`,
        description: "Change it",
        estimated: `${1 + (index % 30)}min`,
        ...fields(index),
      })),
    );
    const start = process.cpuUsage();
    const places = planOf(list, 8).batches.flatMap((batch) => batch.tasks).length;
    const { user, system } = process.cpuUsage(start);
    expect(places).toEqual(1_000);
    expect((user + system) / 1_000).toBeLessThan(4_000);
  });
});
