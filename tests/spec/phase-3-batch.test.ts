/** PHASE 3 of the specification, clause by clause. */
import { describe, expect, test } from "vitest";
import { SYNC_OVERHEAD_MS } from "../../src/core/3-batch/sync-overhead.ts";
import { PHASE_BOUNDARIES } from "../../src/core/boundary/phase-boundaries.ts";
import { Configuration } from "../../src/core/model/configuration.ts";
import { ExecutionPlan } from "../../src/core/model/execution-plan.ts";
import { batchesOf, chain, listOf, planOf } from "../core/sample-plan.ts";

const MIN = 60_000;
const SIX = chain({
  task_001: [],
  task_002: [],
  task_003: ["task_001"],
  task_004: ["task_003", "task_006"],
  task_005: [],
  task_006: ["task_002"],
});

describe("PHASE 3: Batch Formation", () => {
  test("Task Boundary Declaration: BATCH_FORMATION, ACCESS: read_only", () => {
    expect(PHASE_BOUNDARIES.phase_3_batch).toEqual({
      task_boundary: "BATCH_FORMATION",
      access: "read_only",
      scope: [expect.any(String)],
    });
  });

  test("3.1. Topological Sort: order tasks by dependencies, group tasks at same level into batches", () => {
    expect(batchesOf(chain({ roof: ["walls"], walls: ["ground"], ground: [], garden: ["ground"] }))).toEqual([
      ["ground"],
      ["walls", "garden"],
      ["roof"],
    ]);
  });

  test("3.2. Form Batches: the specification's three batches", () => {
    const shape = { estimated_time: "10min", estimated_time_ms: 10 * MIN, sync_after: true };
    expect(planOf(SIX).batches).toEqual([
      { ...shape, batch_id: 1, parallel: true, tasks: ["task_001", "task_002", "task_005"] },
      { ...shape, batch_id: 2, parallel: true, tasks: ["task_003", "task_006"] },
      { ...shape, batch_id: 3, parallel: false, tasks: ["task_004"] },
    ]);
  });

  describe("3.3. Optimize Batch Sizes", () => {
    test("Max 5 concurrent tasks (configurable)", () => {
      const seven = chain(Object.fromEntries([..."abcdefg"].map((id) => [id, []])));
      expect(Configuration.parse({}).max_parallel).toEqual(5);
      expect(batchesOf(seven)).toEqual([
        ["a", "b", "c", "d", "e"],
        ["f", "g"],
      ]);
      expect(batchesOf(seven, 3)).toEqual([["a", "b", "c"], ["d", "e", "f"], ["g"]]);
    });

    test("Balance load across batches: tasks of one length share a batch, so that none waits for a longer one", () => {
      const list = listOf(
        ["30min", "5min", "30min", "5min"].map((estimated, index) => ({
          ...{ id: `t${index}`, description: "Work", files: [`${index}`], estimated },
        })),
      );
      expect(batchesOf(list, 2)).toEqual([
        ["t0", "t2"],
        ["t1", "t3"],
      ]);
    });

    test("Minimize total batches: a task moves up into an earlier batch that has room for it", () => {
      const list = chain({ a: [], b: ["a"], c: ["b"], loose: [], also: [] });
      expect(batchesOf(list, 2)).toEqual([["a", "loose"], ["b", "also"], ["c"]]);
    });
  });

  test("3.4. Calculate Time Savings: Savings = Sequential - Parallel", () => {
    const plan = planOf(SIX);
    const parallel = 3 * (10 * MIN + SYNC_OVERHEAD_MS);
    expect({
      parallel: plan.estimated_parallel_time_ms,
      sequential: plan.estimated_sequential_time_ms,
      savings: plan.time_savings_ms,
    }).toEqual({ parallel, sequential: 60 * MIN, savings: 60 * MIN - parallel });
  });

  test("Output: $execution_plan with batches, totals, estimated times and savings", () => {
    const plan = planOf(SIX);
    expect(ExecutionPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect({ ...plan, batches: plan.batches.length }).toMatchObject({
      batches: 3,
      schedule: [
        { task_id: "task_001", slot: 1, start_ms: 0, end_ms: 600_000 },
        { task_id: "task_002", slot: 2, start_ms: 0, end_ms: 600_000 },
        { task_id: "task_005", slot: 3, start_ms: 0, end_ms: 600_000 },
        { task_id: "task_003", slot: 1, start_ms: 602_000, end_ms: 1_202_000 },
        { task_id: "task_006", slot: 2, start_ms: 602_000, end_ms: 1_202_000 },
        { task_id: "task_004", slot: 1, start_ms: 1_204_000, end_ms: 1_804_000 },
      ],
      total_batches: 3,
      max_parallel: 5,
      estimated_parallel_time: "30min 6s",
      estimated_parallel_time_ms: 1_806_000,
      estimated_sequential_time: "1h",
      estimated_sequential_time_ms: 3_600_000,
      time_savings: "29min 54s",
      time_savings_ms: 1_794_000,
      estimated_speedup: 1.993,
      lower_bound_ms: 1_800_000,
      gap: 0.003,
      bound_by: "chain task_001 → task_003 → task_004",
      truncated: false,
      recommendation: "parallel",
      why: "up to 3 tasks at once save 29min 54s",
    });
  });

  describe("Validation", () => {
    test("All tasks assigned to batches", () => {
      expect(batchesOf(SIX, 2).flat().sort()).toEqual(SIX.tasks.map((task) => task.id).sort());
    });

    test("Dependencies respected", () => {
      const place = new Map(batchesOf(SIX, 2).flatMap((ids, index) => ids.map((id) => [id, index])));
      const early = SIX.tasks.flatMap((task) =>
        task.depends_on.filter((id) => (place.get(id) ?? 0) >= (place.get(task.id) ?? 0)),
      );
      expect(early).toEqual([]);
    });

    test("No conflicts within batches", () => {
      const list = listOf([
        { id: "a", description: "A", files: ["src/a.py"] },
        { id: "b", description: "B", files: ["src/**"] },
        { id: "c", description: "C", files: ["docs/c.md"], conflicts_with: ["a"] },
        { id: "d", description: "D", files: ["d.py"], locks: ["database"] },
        { id: "e", description: "E", files: ["e.py"], locks: ["database"] },
      ]);
      expect(batchesOf(list)).toEqual([
        ["a", "d"],
        ["b", "c", "e"],
      ]);
    });
  });
});
