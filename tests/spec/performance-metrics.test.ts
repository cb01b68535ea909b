/** PERFORMANCE METRICS: the efficiency formula and the table of expected improvements, held against estimated plans. */
import { describe, expect, test } from "vitest";
import { SYNC_OVERHEAD_MS } from "../../src/core/3-batch/sync-overhead.ts";
import { chain, listOf, planOf } from "../core/sample-plan.ts";

const MIN = 60_000;

describe("Efficiency Calculation: sequential_time / parallel_time", () => {
  test("efficiency > 1: Parallelization helped", () => {
    const { estimated_speedup, estimated_parallel_time_ms } = planOf(chain({ a: [], b: [] }, "30s"));
    expect({ estimated_speedup, estimated_parallel_time_ms }).toEqual({
      estimated_speedup: 1.875,
      estimated_parallel_time_ms: 30_000 + SYNC_OVERHEAD_MS,
    });
  });

  test("efficiency = 1: No benefit (sequential bottleneck)", () => {
    expect(planOf(chain({ a: [], b: [] }, "2s")).estimated_speedup).toEqual(1);
  });

  test("efficiency < 1: Overhead exceeded gains", () => {
    const { estimated_speedup, time_savings, time_savings_ms } = planOf(chain({ a: [], b: ["a"] }, "8s"));
    expect({ estimated_speedup, time_savings, time_savings_ms }).toEqual({
      estimated_speedup: 0.8,
      time_savings: "-4s",
      time_savings_ms: -4_000,
    });
  });
});

describe("Expected Improvements", () => {
  test("3 tasks, 100% independent: 2.5-3x", () => {
    expect(planOf(chain({ a: [], b: [], c: [] })).estimated_speedup).toEqual(2.99);
  });

  test("5 tasks, 80% independent: 3-4x when the dependent task is the short one; with equal tasks 2.5x is the ceiling", () => {
    const independent = ["a", "b", "c", "d"].map((id) => ({
      ...{ id, description: "Work", files: [id], estimated: "10min" },
    }));
    const last = { id: "e", description: "Check", files: ["e"], depends_on: ["a"] };
    const short = planOf(listOf([...independent, { ...last, estimated: "3min" }]));
    const equal = planOf(listOf([...independent, { ...last, estimated: "10min" }]));
    expect([short.estimated_speedup, equal.estimated_speedup]).toEqual([3.291, 2.492]);
    expect(equal.lower_bound_ms).toEqual(20 * MIN);
  });

  test("10 tasks, 60% independent: 4-5x", () => {
    const list = chain({
      ...{ a: [], b: [], c: [], d: [], e: [], f: [] },
      ...{ g: ["a"], h: ["b"], i: ["c"], j: ["d"] },
    });
    const { estimated_speedup, total_batches } = planOf(list);
    expect({ estimated_speedup, total_batches }).toEqual({ estimated_speedup: 4.983, total_batches: 2 });
  });

  test("10 tasks, 20% independent: 1.5-2x when the rest is two chains", () => {
    const list = chain({
      ...{ a1: [], a2: ["a1"], a3: ["a2"], a4: ["a3"], a5: ["a4"] },
      ...{ b1: [], b2: ["b1"], b3: ["b2"], b4: ["b3"], b5: ["b4"] },
    });
    const { estimated_speedup, bound_by } = planOf(list);
    expect({ estimated_speedup, bound_by }).toEqual({
      estimated_speedup: 1.993,
      bound_by: "chain a1 → a2 → a3 → a4 → a5",
    });
  });
});
