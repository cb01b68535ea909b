import { describe, expect, test } from "vitest";
import { compileProblem } from "../../../src/core/3-batch/problem/compile-problem.ts";
import type { PlanningInput } from "../../../src/core/3-batch/problem/planning-input.ts";
import { refused } from "../sample-plan.ts";

const A = { id: "a", duration_ms: 1_000, needs: [] };
const B = { id: "b", duration_ms: 1_000, needs: ["a"] };

function input(more: Partial<PlanningInput>): PlanningInput {
  return { tasks: [A, B], conflicts: [], locks: {}, pools: {}, max_parallel: 5, ...more };
}

describe("bad input is refused by name", () => {
  test.each([
    ["a cycle", { tasks: [{ ...A, needs: ["b"] }, B] }, "tasks wait for each other: b → a → b"],
    ["a task that waits for itself", { tasks: [{ ...A, needs: ["a"] }] }, "task a waits for itself"],
    ["an unknown need", { tasks: [{ ...A, needs: ["x"] }] }, "needs of a names x, which is no task"],
    ["an id twice", { tasks: [A, A] }, "task a is in the list twice"],
    ["a negative duration", { tasks: [{ ...A, duration_ms: -1 }] }, "task a: duration is -1 ms"],
    ["a duration that is no number", { tasks: [{ ...A, duration_ms: Number.NaN }] }, "task a: duration is NaN ms"],
    ["an absurd duration", { tasks: [{ ...A, duration_ms: 1e15 }] }, "task a: duration is 1000000000000000 ms"],
    ["a negative release", { tasks: [{ ...A, release_ms: -5 }] }, "task a: release is -5 ms"],
    ["no slots", { max_parallel: 0 }, "max_parallel is 0"],
    ["half a slot", { max_parallel: 1.5 }, "max_parallel is 1.5"],
    ["a lock nobody holds", { locks: { db: [] } }, "lock db is held by no task"],
    ["a lock held by nobody known", { locks: { db: ["x"] } }, "locks.db of x names x, which is no task"],
    ["a conflict with nobody", { conflicts: [["a", "x"]] }, "conflicts of x names x, which is no task"],
    ["a conflict with itself", { conflicts: [["a", "a"]] }, "task a conflicts with itself"],
    [
      "a pool that does not exist",
      { tasks: [{ ...A, pools: { cpu: 1 } }] },
      "task a needs pool cpu, which does not exist",
    ],
    [
      "a task larger than its pool",
      { tasks: [{ ...A, pools: { cpu: 3 } }], pools: { cpu: 2 } },
      "task a needs 3 of pool cpu, which has 2",
    ],
    ["a part of a unit", { tasks: [{ ...A, pools: { cpu: 0.5 } }], pools: { cpu: 2 } }, "task a needs 0.5 of pool cpu"],
    ["a pool that has a part of a unit", { pools: { cpu: 1.5 } }, "pool cpu has 1.5 units"],
    ["an empty pool", { pools: { cpu: 0 } }, "pool cpu has 0 units"],
    [
      "a demand below nothing",
      { tasks: [{ ...A, pools: { cpu: -1 } }], pools: { cpu: 2 } },
      "task a needs -1 of pool cpu",
    ],
  ] as [string, Partial<PlanningInput>, string][])("%s", (_, more, message) => {
    const failure = refused(compileProblem(input(more)));
    expect(failure.message).toEqual(message);
    expect(failure.hint).not.toEqual("");
  });

  test("everything that is wrong is said at once", () => {
    const failure = refused(compileProblem(input({ max_parallel: 0, tasks: [{ ...A, duration_ms: -1 }, B] })));
    expect(failure.problems?.map((problem) => problem.message)).toEqual([
      "max_parallel is 0",
      "task a: duration is -1 ms",
    ]);
  });

  test("a long cycle among many tasks that are sound is found", () => {
    const tasks = Array.from({ length: 2_000 }, (_, place) => ({
      ...{ id: `t${place}`, duration_ms: 1, needs: place === 0 ? ["t999"] : [`t${place - 1}`] },
    }));
    expect(refused(compileProblem(input({ tasks }))).message).toMatch(/^tasks wait for each other: .*t999 → /);
  });
});
