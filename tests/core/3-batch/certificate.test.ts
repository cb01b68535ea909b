import { describe, expect, test } from "vitest";
import type { PlanRequest } from "../../../src/core/3-batch/plan-request.ts";
import { SYNC_OVERHEAD_MS } from "../../../src/core/3-batch/sync-overhead.ts";
import { chain, listOf, planOf } from "../sample-plan.ts";

const MIN = 60_000;
const STREAM: Partial<PlanRequest> = { mode: "streaming" };

function task(id: string, estimated: string, more: object = {}) {
  return { id, estimated, description: `Change ${id}`, files: [`src/${id}.ts`], ...more };
}

describe("a stream", () => {
  const list = listOf([
    task("slow", "20min"),
    task("quick", "5min"),
    task("next", "10min", { depends_on: ["quick"] }),
    task("last", "5min", { depends_on: ["next"] }),
  ]);

  test("is one batch, in which a task starts when what it needs has ended", () => {
    const plan = planOf(list, 2, STREAM);
    expect(plan.batches.map(({ batch_id, tasks, parallel }) => ({ batch_id, tasks, parallel }))).toEqual([
      { batch_id: 1, tasks: ["slow", "quick", "next", "last"], parallel: true },
    ]);
    expect(plan.schedule).toEqual([
      { task_id: "slow", slot: 1, start_ms: 0, end_ms: 20 * MIN },
      { task_id: "quick", slot: 2, start_ms: 0, end_ms: 5 * MIN },
      { task_id: "next", slot: 2, start_ms: 5 * MIN, end_ms: 15 * MIN },
      { task_id: "last", slot: 2, start_ms: 15 * MIN, end_ms: 20 * MIN },
    ]);
    expect(plan).toMatchObject({
      mode: "streaming",
      estimated_parallel_time_ms: 20 * MIN + SYNC_OVERHEAD_MS,
      lower_bound_ms: 20 * MIN,
      optimal: true,
      idle_ms: 0,
      speedup_ceiling: 2,
    });
  });

  test("in the middle of a run keeps what has begun and goes on from now", () => {
    const plan = planOf(list, 2, {
      ...STREAM,
      begun: {
        now_ms: 6 * MIN,
        batches: [],
        tasks: [
          { task_id: "slow", slot: 1, start_ms: 0, end_ms: 30 * MIN },
          { task_id: "quick", slot: 2, start_ms: 0, end_ms: 6 * MIN },
        ],
      },
    });
    expect(plan.schedule).toEqual([
      { task_id: "slow", slot: 1, start_ms: 0, end_ms: 30 * MIN },
      { task_id: "quick", slot: 2, start_ms: 0, end_ms: 6 * MIN },
      { task_id: "next", slot: 2, start_ms: 6 * MIN, end_ms: 16 * MIN },
      { task_id: "last", slot: 2, start_ms: 16 * MIN, end_ms: 21 * MIN },
    ]);
    expect(plan.lower_bound_ms).toEqual(30 * MIN);
  });

  test("gives what began in the planned slot of a task that overran the next free one", () => {
    const running = (task_id: string) => ({ task_id, slot: 1, start_ms: 0, end_ms: 9 * MIN });
    const begun = { now_ms: 6 * MIN, batches: [], tasks: [running("slow"), running("quick")] };
    const plan = planOf(list, 2, { ...STREAM, begun });
    expect(plan.schedule.map(({ task_id, slot, start_ms }) => [task_id, slot, start_ms])).toEqual([
      ["slow", 1, 0],
      ["quick", 2, 0],
      ["next", expect.any(Number), 9 * MIN],
      ["last", expect.any(Number), 19 * MIN],
    ]);
  });

  test("keeps a lock that two running tasks hold until the last of them ends", () => {
    const held = listOf(["a", "b", "c"].map((id) => task(id, "10min", { locks: ["database"] })));
    const running = (task_id: string, slot: number, end: number) => ({ task_id, slot, start_ms: 0, end_ms: end * MIN });
    const begun = { now_ms: MIN, batches: [], tasks: [running("a", 1, 8), running("b", 2, 4)] };
    const plan = planOf(held, 3, { ...STREAM, begun });
    expect(plan.schedule.find(({ task_id }) => task_id === "c")?.start_ms).toBe(8 * MIN);
  });

  test("without time for a search or a clock still has its certificate, and nothing cut it off", () => {
    const equal = listOf(["a", "b", "c"].map((id) => task(id, "1min")));
    expect(planOf(equal, 2, { ...STREAM, time_budget_ms: 0 })).toMatchObject({
      lower_bound_ms: 2 * MIN,
      optimal: true,
      truncated: false,
    });
  });

  test("of a chain says that parallel does not pay", () => {
    expect(planOf(chain({ a: [], b: ["a"] }), 5, STREAM)).toMatchObject({
      recommendation: "sequential",
      why: "no two tasks can run at once, so one agent after the other does the same with less overhead",
    });
  });
});

describe("what binds is named", () => {
  test("a pool", () => {
    const list = listOf(
      ["a", "b", "c"].map((id) => task(id, "10min", { pools: { emulator: 1 } })),
      { settings: { pools: { emulator: 1 } } },
    );
    const plan = planOf(list, 5, { ...STREAM, pools: { emulator: 1 } });
    expect({ by: plan.bound_by, ms: plan.lower_bound_ms, optimal: plan.optimal }).toEqual({
      by: "pool emulator",
      ms: 30 * MIN,
      optimal: true,
    });
  });

  test("tasks that conflict with each other", () => {
    const list = listOf(["a", "b", "c"].map((id) => task(id, "10min", { files: ["src/same.ts"] })));
    expect(planOf(list, 5, STREAM)).toMatchObject({ bound_by: "conflict a, b, c", lower_bound_ms: 30 * MIN });
  });
});

describe("no slack is left where the work cannot be spread evenly", () => {
  const wave = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, place) => task(`t${place}`, "10min", more));

  test("six whole tasks on five slots, and what waits for all of them", () => {
    const first = wave(6);
    const list = listOf([...first, task("last", "10min", { depends_on: first.map(({ id }) => id) })]);
    expect(planOf(list, 5, STREAM)).toMatchObject({ lower_bound_ms: 30 * MIN, bound_by: "5 slots", optimal: true });
  });

  test("seven tasks that each take two of a pool of five", () => {
    const list = listOf(wave(7, { pools: { cpu: 2 } }), { settings: { pools: { cpu: 5 } } });
    const plan = planOf(list, 7, { ...STREAM, pools: { cpu: 5 } });
    expect(plan).toMatchObject({ lower_bound_ms: 40 * MIN, bound_by: "pool cpu", optimal: true });
  });

  test("tasks beside which nothing may run, and six others", () => {
    const others = wave(6).map(({ id }) => id);
    const list = listOf([
      ...wave(6),
      task("a", "5min", { conflicts_with: [...others, "b"] }),
      task("b", "5min", { conflicts_with: others }),
    ]);
    expect(planOf(list, 5, STREAM)).toMatchObject({
      lower_bound_ms: 30 * MIN,
      bound_by: "conflict of a, b with all others, and 5 slots",
      optimal: true,
    });
  });
});

describe("advice", () => {
  test("which task to split", () => {
    const list = listOf([task("big", "30min"), task("a", "5min"), task("b", "5min")]);
    expect(planOf(list).advice).toEqual([
      "splitting task big into two that run side by side would save 15min",
      "max_parallel above 3 gains nothing",
    ]);
  });

  test("that more slots would help, or that fewer do as well", () => {
    const list = listOf(Array.from({ length: 8 }, (_, place) => task(`t${place}`, "10min")));
    expect(planOf(list, 2, STREAM).advice).toContain("max_parallel 4 instead of 2 would save 20min");
    expect(planOf(list, 7, STREAM).advice).toContain("max_parallel 8 instead of 7 would save 10min");
    expect(planOf(chain({ a: [], b: ["a"], c: ["b"] }), 5, STREAM).advice).toContain(
      "max_parallel above 1 gains nothing",
    );
  });

  test("which lock serialises tasks", () => {
    const list = listOf(["a", "b", "c"].map((id) => task(id, "10min", { locks: ["database"] })));
    expect(planOf(list).advice).toContain("lock database serialises 3 tasks, 30min of work");
  });
});

describe("time against the number of batches", () => {
  const list = listOf([
    task("a", "1s"),
    task("b", "30min", { depends_on: ["a"] }),
    task("c", "1s"),
    task("d", "30min", { depends_on: ["c"] }),
    task("e", "30min"),
  ]);

  test("each objective says what the other would give", () => {
    const [time, fewest] = [planOf(list, 3), planOf(list, 3, { objective: "batches" })];
    expect({ time: time.total_batches, fewest: fewest.total_batches }).toEqual({ time: 2, fewest: 2 });
    expect(time.trade_off).toEqual("2 batches in 30min 5s; for the fewest batches: 2 batches in 30min 5s");
  });
});
