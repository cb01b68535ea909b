/** Batches of tasks that need nothing of each other, where only a search finds the fewest: every queen on a board is a task, and those that see each other conflict. */
import { describe, expect, test } from "vitest";
import { planPartition } from "../../../src/core/3-batch/plan-partition.ts";
import type { PlanningInput } from "../../../src/core/3-batch/problem/planning-input.ts";
import { SearchBudget } from "../../../src/core/3-batch/search-budget.ts";
import { compiled, partitionFaults } from "../../properties/problem-inputs.ts";

function queens(side: number, max_parallel = side * side): PlanningInput {
  const squares = Array.from({ length: side * side }, (_, at) => [Math.floor(at / side), at % side] as const);
  const sees = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): boolean =>
    a === c || b === d || Math.abs(a - c) === Math.abs(b - d);
  const conflicts = squares.flatMap((one, at) =>
    squares.flatMap((other, beside) => (at < beside && sees(one, other) ? [[`t${at}`, `t${beside}`] as const] : [])),
  );
  const tasks = squares.map((_, at) => ({ id: `t${at}`, duration_ms: 1_000, needs: [] }));
  return { tasks, conflicts, locks: {}, pools: {}, max_parallel };
}

function fewest(input: PlanningInput, steps: number) {
  const budget = new SearchBudget({ ms: 1, steps });
  return planPartition(compiled(input), { objective: "batches", sync: 0, budget });
}

describe("the fewest batches of tasks that only conflict", () => {
  test("a board of 7 × 7 takes 7 batches, which filling them by priority misses, and the plan is known to be the best", () => {
    expect(fewest(queens(7), 0).partition.length).toBeGreaterThan(7);
    const { partition, optimal } = fewest(queens(7), 2_000_000);
    expect({ batches: partition.length, optimal }).toEqual({ batches: 7, optimal: true });
    expect(partitionFaults({ ...queens(7), pools: { cpu: 1 } }, partition)).toEqual([]);
  });

  test("no batch gets wider than there are slots", () => {
    const narrow = queens(6, 4);
    const { partition } = fewest(narrow, 1_000_000);
    expect(partition.length).toBe(9);
    expect(partitionFaults({ ...narrow, pools: { cpu: 1 } }, partition)).toEqual([]);
  });
});
