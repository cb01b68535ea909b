import { describe, expect, test } from "vitest";
import { SYNC_OVERHEAD_MS } from "../../../src/core/3-batch/sync-overhead.ts";
import type { PlanMode } from "../../../src/core/model/execution-plan.ts";
import type { TaskList } from "../../../src/core/model/task-list.ts";
import { chain, listOf, planOf } from "../sample-plan.ts";

const MIN = 60_000;

function task(id: string, estimated: string, more: object = {}) {
  return { id, estimated, description: `Change ${id}`, files: [`src/${id}.ts`], ...more };
}

function boundOf(list: TaskList, slots: number, mode?: PlanMode) {
  const { lower_bound_ms, bound_by } = planOf(list, slots, { mode });
  return { ms: lower_bound_ms, by: bound_by };
}

describe("the lower bound names what binds", () => {
  test("the longest chain", () => {
    const list = listOf([task("a", "10min"), task("b", "20min", { depends_on: ["a"] }), task("c", "5min")]);
    expect(boundOf(list, 5)).toEqual({ ms: 30 * MIN, by: "chain a → b" });
  });

  test("the slots", () => {
    const list = listOf(["a", "b", "c"].map((id) => task(id, "10min")));
    expect(boundOf(list, 2)).toEqual({ ms: 20 * MIN, by: "2 slots" });
    expect(boundOf(list, 2, "streaming")).toEqual({ ms: 20 * MIN, by: "2 slots" });
    const uneven = listOf(["a", "b", "c", "d", "e"].map((id) => task(id, id === "a" ? "8min" : "4min")));
    expect(boundOf(uneven, 2, "streaming")).toEqual({ ms: 12 * MIN, by: "2 slots" });
  });

  test("a lock, whose holders run one after the other", () => {
    const list = listOf(["a", "b", "c"].map((id) => task(id, "10min", { locks: ["database"] })));
    expect(boundOf(list, 5)).toEqual({ ms: 30 * MIN, by: "lock database" });
  });

  test("the first of these where several bind alike", () => {
    const list = listOf([task("a", "10min"), task("b", "10min")]);
    expect(boundOf(list, 2)).toEqual({ ms: 10 * MIN, by: "chain a" });
  });

  test("work that the slots do not divide is rounded up", () => {
    const list = listOf([task("a", "1ms"), task("b", "1ms"), task("c", "1ms")]);
    expect(boundOf(list, 2)).toEqual({ ms: 2, by: "2 slots" });
  });
});

describe("times and savings", () => {
  const list = listOf([
    task("a", "20min"),
    task("b", "12min"),
    task("c", "5min", { depends_on: ["a"] }),
    task("d", "7min 30s", { depends_on: ["b"] }),
  ]);
  const plan = planOf(list);

  test("a batch takes as long as its longest task", () => {
    expect(
      plan.batches.map(({ tasks, estimated_time, estimated_time_ms }) => ({
        tasks,
        estimated_time,
        estimated_time_ms,
      })),
    ).toEqual([
      { tasks: ["a", "b"], estimated_time: "20min", estimated_time_ms: 20 * MIN },
      { tasks: ["c", "d"], estimated_time: "7min 30s", estimated_time_ms: 7.5 * MIN },
    ]);
  });

  test("the plan takes all batches and their sync points; what it saves is the difference to one after the other", () => {
    expect(plan).toMatchObject({
      mode: "batches",
      objective: "time",
      total_batches: 2,
      max_parallel: 5,
      estimated_parallel_time: "27min 34s",
      estimated_parallel_time_ms: 27.5 * MIN + 2 * SYNC_OVERHEAD_MS,
      estimated_sequential_time: "44min 30s",
      estimated_sequential_time_ms: 44.5 * MIN,
      time_savings: "16min 56s",
      time_savings_ms: 17 * MIN - 2 * SYNC_OVERHEAD_MS,
      estimated_speedup: 1.614,
      lower_bound_ms: 25 * MIN,
      gap: 0.103,
      bound_by: "chain a → c",
      truncated: false,
      recommendation: "parallel",
      why: "up to 2 tasks at once save 16min 56s",
    });
  });

  test("every task has a slot and a time, and a batch begins after the sync point before it", () => {
    expect(plan.schedule).toEqual([
      { task_id: "a", slot: 1, start_ms: 0, end_ms: 1_200_000 },
      { task_id: "b", slot: 2, start_ms: 0, end_ms: 720_000 },
      { task_id: "c", slot: 1, start_ms: 1_202_000, end_ms: 1_502_000 },
      { task_id: "d", slot: 2, start_ms: 1_202_000, end_ms: 1_652_000 },
    ]);
  });
});

describe("the verdict is sequential", () => {
  const oneByOne =
    "every batch of the plan holds one task only, so one agent after the other does the same with less overhead";

  test.each([
    ["a chain", chain({ a: [], b: ["a"], c: ["b"] }), 5],
    ["one slot", chain({ a: [], b: [] }), 1],
    ["one lock", listOf(["a", "b"].map((id) => task(id, "10min", { locks: ["db"] }))), 5],
    ["one file", listOf(["a", "b"].map((id) => task(id, "10min", { files: ["x"] }))), 5],
  ])("for %s: one at a time", (_, list, slots) => {
    const { recommendation, why, time_savings_ms } = planOf(list, slots);
    expect({ recommendation, why, time_savings_ms }).toEqual({
      recommendation: "sequential",
      why: oneByOne,
      time_savings_ms: -list.total_tasks * SYNC_OVERHEAD_MS,
    });
  });

  test("for a single task", () => {
    const { recommendation, why } = planOf(chain({ a: [] }));
    expect({ recommendation, why }).toEqual({
      recommendation: "sequential",
      why: "there is one task only, so one agent after the other does the same with less overhead",
    });
  });

  test.each([
    ["exceeds the gain", "1s", "3s", "2s", 0.667],
    ["equals the gain", "2s", "4s", "4s", 1],
  ])("where the overhead %s", (_, estimated, planned, alone, estimated_speedup) => {
    const plan = planOf(chain({ a: [], b: [] }, estimated));
    expect({ recommendation: plan.recommendation, why: plan.why, estimated_speedup: plan.estimated_speedup }).toEqual({
      recommendation: "sequential",
      why: `the batches and their sync points take ${planned}, one task after the other ${alone}`,
      estimated_speedup,
    });
  });

  test("and parallel as soon as one millisecond is saved", () => {
    const { recommendation, time_savings_ms } = planOf(chain({ a: [], b: [] }, "2001ms"));
    expect({ recommendation, time_savings_ms }).toEqual({ recommendation: "parallel", time_savings_ms: 1 });
  });
});
