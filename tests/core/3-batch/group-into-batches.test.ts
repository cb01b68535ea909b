import { describe, expect, test } from "vitest";
import { batchRules } from "../../../src/core/3-batch/fill-batch.ts";
import { groupByPriority } from "../../../src/core/3-batch/group-by-priority.ts";
import { groupIntoBatches } from "../../../src/core/3-batch/group-into-batches.ts";
import { sortByPriority, tailLengths } from "../../../src/core/3-batch/sort-by-priority.ts";
import { batchesOf, chain, graphOf, listOf } from "../sample-plan.ts";

function task(id: string, more: object = {}) {
  return { id, description: `Change ${id}`, files: [`src/${id}.ts`], ...more };
}

describe("groupIntoBatches", () => {
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
    expect(batchesOf(list)).toEqual([["a", "c"], ["b"]]);
  });

  test("a lock that is named twice does not keep a task from running", () => {
    const list = listOf([task("a", { locks: ["x", "x"] })]);
    list.tasks[0]?.locks.push("x");
    expect(groupIntoBatches(list.tasks, graphOf(list), 5).map((batch) => batch.map(({ id }) => id))).toEqual([["a"]]);
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

  test("a graph that no plan can satisfy is a bug, said aloud instead of an endless loop", () => {
    const list = chain({ a: [], b: [] });
    const graph = { ...graphOf(list), tasks: { a: ["b"], b: ["a"] } };
    expect(() => groupIntoBatches(list.tasks, graph, 5)).toThrow("no task can be placed of a, b");
    expect(() => groupIntoBatches(list.tasks, graphOf(list), 0)).toThrow("no task can be placed of a, b");
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
    const rules = batchRules(list.tasks, graphOf(list), 2);
    const byPriority = groupByPriority(list.tasks, graphOf(list), rules).map((batch) => batch.map(({ id }) => id));
    expect({ byPriority, chosen: batchesOf(list, 2) }).toEqual({
      byPriority: [["long", "a"], ["b", "c"], ["d"]],
      chosen: [["a", "long"], ["c"], ["b", "d"]],
    });
  });
});

describe("priorities", () => {
  const list = listOf([
    task("end", { depends_on: ["short", "long"], estimated: "2min" }),
    task("short", { estimated: "1min" }),
    task("long", { estimated: "5min" }),
    task("alone", { estimated: "7min" }),
    task("tiny", { estimated: "1s" }),
  ]);

  test("a tail is a task's own time and the longest chain that waits for it", () => {
    expect(Object.fromEntries(tailLengths(list.tasks, graphOf(list)))).toEqual({
      ...{ end: 120_000, short: 180_000, long: 420_000, alone: 420_000, tiny: 1_000 },
    });
  });

  test("longest tail first, then longest task, then place in the task list", () => {
    expect(sortByPriority(list.tasks, graphOf(list)).map(({ id }) => id)).toEqual([
      ...["alone", "long", "short", "end", "tiny"],
    ]);
    const equal = listOf(["b", "1", "a"].map((id) => task(id)));
    expect(sortByPriority(equal.tasks, graphOf(equal)).map(({ id }) => id)).toEqual(["b", "1", "a"]);
  });
});
