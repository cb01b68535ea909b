import { describe, expect, test } from "vitest";
import { criticalPath } from "../../../src/core/2-dependency/critical-path.ts";
import { findCycle } from "../../../src/core/2-dependency/find-cycle.ts";
import { taskGraph, topologicalRanks } from "../../../src/core/2-dependency/task-graph.ts";
import { chain, listOf } from "../sample-plan.ts";

function pathOf(tasks: [id: string, estimated: string, ...needs: string[]][]) {
  const list = listOf(
    tasks.map(([id, estimated, ...depends_on]) => ({ id, estimated, depends_on, description: id, files: [id] })),
  );
  return criticalPath(taskGraph(list.tasks));
}

describe("criticalPath", () => {
  test("of one task is that task", () => {
    expect(pathOf([["a", "5min"]])).toEqual({ tasks: ["a"], ms: 300_000 });
  });

  test("goes by time", () => {
    expect(
      pathOf([
        ["a", "1min"],
        ["b", "1min", "a"],
        ["c", "1min", "b"],
        ["long", "20min"],
      ]),
    ).toEqual({ tasks: ["long"], ms: 1_200_000 });
  });

  test("takes the longer way to a task", () => {
    expect(
      pathOf([
        ["end", "1min", "short", "long"],
        ["short", "2min"],
        ["long", "3min"],
      ]),
    ).toEqual({ tasks: ["long", "end"], ms: 240_000 });
  });

  test("of equally long chains is the lexically first, whatever the order of the list", () => {
    const paths = [
      pathOf([
        ["b", "5min"],
        ["a", "5min"],
        ["end", "5min", "b", "a"],
      ]),
      pathOf([
        ["end", "5min", "a", "b"],
        ["a", "5min"],
        ["b", "5min"],
      ]),
    ];
    expect(paths).toEqual([
      { tasks: ["a", "end"], ms: 600_000 },
      { tasks: ["a", "end"], ms: 600_000 },
    ]);
  });

  test("of no tasks is empty", () => {
    expect(criticalPath(taskGraph([]))).toEqual({ tasks: [], ms: 0 });
  });
});

test("ranks count the tasks before a task on the longest way", () => {
  const { tasks } = chain({ end: ["a", "c"], c: ["b"], b: ["a"], a: [], alone: [] });
  expect(Object.fromEntries(topologicalRanks(taskGraph(tasks)))).toEqual({ a: 0, alone: 0, b: 1, c: 2, end: 3 });
});

describe("findCycle", () => {
  test("is undefined for a graph without one, of any depth", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    const needs = Object.fromEntries(ids.map((id, index) => [id, index === 0 ? [] : [`t${index - 1}`]]));
    expect(findCycle(taskGraph(chain(needs).tasks))).toEqual(undefined);
  });

  test("gives each task before the one that waits for it", () => {
    const { tasks } = chain({ a: ["d"], b: ["a"], c: ["b", "a"], d: ["c"] });
    const cycle = findCycle(taskGraph(tasks)) ?? [];
    const needs = new Map(tasks.map((task) => [task.id, task.depends_on]));
    const broken = cycle.filter((id, index) => !needs.get(id)?.includes(cycle.at(index - 1) ?? ""));
    expect({ found: cycle.length > 1, broken }).toEqual({ found: true, broken: [] });
  });
});
