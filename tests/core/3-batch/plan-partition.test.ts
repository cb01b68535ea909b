import { describe, expect, test } from "vitest";
import { planPartition } from "../../../src/core/3-batch/plan-partition.ts";
import { SearchBudget } from "../../../src/core/3-batch/search-budget.ts";
import { compiled } from "../../properties/problem-inputs.ts";
import { batchesOf, chain, listOf } from "../sample-plan.ts";

function task(id: string, more: object = {}) {
  return { id, description: `Change ${id}`, files: [`src/${id}.ts`], ...more };
}

describe("planPartition", () => {
  test("one slot gives one task a batch, dependencies first", () => {
    expect(batchesOf(chain({ c: ["b"], b: ["a"], a: [], d: [] }), 1)).toEqual([["a"], ["b"], ["c"], ["d"]]);
  });

  test("the longest chain goes first when there is not room for all", () => {
    expect(batchesOf(chain({ x: [], y: [], head: [], tail: ["head"] }), 2)).toEqual([
      ["x", "head"],
      ["y", "tail"],
    ]);
  });

  test("tasks inside a batch are in the order of the task list, also when their ids look like numbers", () => {
    expect(batchesOf(listOf(["10", "9", "2", "1"].map((id) => task(id))))).toEqual([["10", "9", "2", "1"]]);
  });

  test("tasks that share one of several locks are kept apart", () => {
    const list = listOf([
      task("a", { locks: ["x", "y"] }),
      task("b", { locks: ["y", "z"] }),
      task("c", { locks: ["z"] }),
    ]);
    expect(batchesOf(list)).toEqual([["a"], ["b"], ["c"]]);
  });

  test("a lock that is named twice does not keep a task from running", () => {
    const list = listOf([task("a", { locks: ["x", "x"] })]);
    list.tasks[0]?.locks.push("x");
    expect(batchesOf(list)).toEqual([["a"]]);
  });

  test("a task that conflicts with its own dependency runs after it", () => {
    expect(batchesOf(listOf([task("b", { depends_on: ["a"], conflicts_with: ["a"] }), task("a")]))).toEqual([
      ["a"],
      ["b"],
    ]);
  });

  test("conflicting tasks leave room that others fill", () => {
    const list = listOf([
      task("a", { conflicts_with: ["b", "c"] }),
      task("b", { conflicts_with: ["c"] }),
      task("c"),
      task("d"),
      task("e"),
    ]);
    expect(batchesOf(list, 2)).toEqual([["a", "d"], ["b", "e"], ["c"]]);
  });

  test("tasks that only read run beside those that write", () => {
    const list = listOf([
      task("write", { files: ["src/**"] }),
      task("read", { files: ["src/**"], access: "read_only" }),
      task("test", { files: [], access: "read_only+test_execution" }),
    ]);
    expect(batchesOf(list)).toEqual([["write", "read", "test"]]);
  });

  test("scopes that differ by case only are kept apart", () => {
    expect(batchesOf(listOf([task("a", { files: ["README.md"] }), task("b", { files: ["Readme.md"] })]))).toEqual([
      ["a"],
      ["b"],
    ]);
  });
});

describe("a plan is never longer than plain levels", () => {
  test("where the longest chain first would keep one long task for every batch", () => {
    const list = listOf([
      task("a", { estimated: "1min" }),
      task("b", { estimated: "29min", depends_on: ["a"] }),
      task("c", { estimated: "1min" }),
      task("d", { estimated: "28min", depends_on: ["c"] }),
      task("long", { estimated: "30min" }),
    ]);
    expect(batchesOf(list, 2)).toEqual([["a", "c"], ["b", "long"], ["d"]]);
  });
});

const plain = { conflicts: [], locks: {}, pools: {} };
const needing = (id: string, duration_ms: number, needs: string[] = [], priority = 0) => ({
  id,
  duration_ms,
  needs,
  priority,
});

test("batches that people have seen are no proof that there are no fewer", () => {
  const tasks = [
    needing("t1", 13_699),
    needing("t2", 5_924, ["t1"]),
    needing("t3", 3_934),
    needing("t4", 12_171, ["t3"]),
  ];
  const problem = compiled({ ...plain, tasks, locks: { l0: ["t2", "t3"] }, max_parallel: 2 });
  const budget = (): SearchBudget => new SearchBudget({ ms: 200 });
  const search = { objective: "batches", sync: 2_000 } as const;
  const fresh = planPartition(problem, { ...search, budget: budget() });
  const kept = planPartition(problem, { ...search, budget: budget(), previous: [[2], [0, 3], [1]] });
  expect([fresh.partition.length, fresh.optimal]).toEqual([2, true]);
  expect(kept.optimal).toBe(kept.partition.length === 2);
});
