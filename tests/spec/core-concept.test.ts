/** CORE CONCEPT: PARALLELIZATION STRATEGY, and the specification's five-task example. */
import { describe, expect, test } from "vitest";
import { batchesOf, chain, graphOf, listOf, planOf } from "../core/sample-plan.ts";

const FIVE = listOf([
  { id: "a", description: "Task A", files: ["utils/helper.py"] },
  { id: "b", description: "Task B", files: ["utils/format.py"] },
  { id: "c", description: "Task C", files: ["config/settings.py"] },
  { id: "d", description: "Task D", files: ["core/main.py"], depends_on: ["a", "b", "c"] },
  { id: "e", description: "Task E", files: ["tests/test_main.py"], depends_on: ["d"] },
]);

describe("When to Parallelize: PARALLELIZE when", () => {
  test("Tasks are independent (no shared state), and modify different files", () => {
    expect(planOf(chain({ a: [], b: [] })).recommendation).toEqual("parallel");
  });

  test("Time savings justify coordination overhead", () => {
    const { time_savings, recommendation, why } = planOf(chain({ a: [], b: [] }, "3s"));
    expect({ time_savings, recommendation, why }).toEqual({
      time_savings: "1s",
      recommendation: "parallel",
      why: "up to 2 tasks at once save 1s",
    });
  });
});

describe("When to Parallelize: DON'T PARALLELIZE when", () => {
  const oneByOne =
    "every batch of the plan holds one task only, so one agent after the other does the same with less overhead";

  test("Tasks have dependencies (A must complete before B)", () => {
    const list = chain({ a: [], b: ["a"] });
    const { recommendation, why } = planOf(list);
    expect({ batches: batchesOf(list), recommendation, why }).toEqual({
      batches: [["a"], ["b"]],
      recommendation: "sequential",
      why: oneByOne,
    });
  });

  test("Tasks modify same files", () => {
    const list = listOf(["a", "b"].map((id) => ({ id, description: "Change it", files: ["src/shared.py"] })));
    const { recommendation, why } = planOf(list);
    expect({ batches: batchesOf(list), recommendation, why }).toEqual({
      batches: [["a"], ["b"]],
      recommendation: "sequential",
      why: oneByOne,
    });
  });

  test("Strict ordering required", () => {
    expect(batchesOf(chain({ third: ["second"], second: ["first"], first: [] }))).toEqual([
      ["first"],
      ["second"],
      ["third"],
    ]);
  });

  test("Single task is faster than coordination overhead", () => {
    const { recommendation, why } = planOf(chain({ a: [], b: [] }, "2s"));
    expect({ recommendation, why }).toEqual({
      recommendation: "sequential",
      why: "the batches and their sync points take 4s, one task after the other 4s",
    });
    expect(planOf(chain({ alone: [] })).why).toEqual(
      "there is one task only, so one agent after the other does the same with less overhead",
    );
  });
});

describe("Dependency Graph Example", () => {
  test("Task D (core/main.py - depends on A, B, C), Task E after it", () => {
    expect(graphOf(FIVE).tasks).toEqual({ a: [], b: [], c: [], d: ["a", "b", "c"], e: ["d"] });
  });

  test("Execution Plan: Batch 1 (parallel): A, B, C; Batch 2 (sequential): D; Batch 3: E", () => {
    expect(planOf(FIVE).batches.map(({ batch_id, parallel, tasks }) => ({ batch_id, parallel, tasks }))).toEqual([
      { batch_id: 1, parallel: true, tasks: ["a", "b", "c"] },
      { batch_id: 2, parallel: false, tasks: ["d"] },
      { batch_id: 3, parallel: false, tasks: ["e"] },
    ]);
  });

  test("Sync point: wait for all", () => {
    expect(planOf(FIVE).batches.map((batch) => batch.sync_after)).toEqual([true, true, true]);
  });
});
