import { describe, expect, test } from "vitest";
import { analyzeDependencies } from "../../../src/core/2-dependency/analyze-dependencies.ts";
import { DependencyGraph } from "../../../src/core/model/dependency-graph.ts";
import { chain, graphOf, listOf, refused } from "../sample-plan.ts";

function task(id: string, more: object = {}) {
  return { id, description: `Change ${id}`, files: [`src/${id}.ts`], ...more };
}

describe("dependencies", () => {
  test("are listed in the order of the task list, each once, whatever order they were written in", () => {
    const list = chain({ c: [], b: [], a: [], end: ["a", "c", "b"] });
    const end = list.tasks.at(-1);
    end?.depends_on.push("a", "c");
    const graph = graphOf(list);
    expect(graph.tasks.end).toEqual(["c", "b", "a"]);
    expect(graph.edges.map(({ from, to }) => `${from} → ${to}`)).toEqual(["c → end", "b → end", "a → end"]);
  });

  test("ids that every object inherits are ids like any other, also after a trip through JSON", () => {
    const list = chain({ a: [], constructor: ["a"], b: ["constructor", "a"] });
    const graph = graphOf(list);
    expect(Object.entries(graph.tasks)).toEqual([
      ["a", []],
      ["constructor", ["a"]],
      ["b", ["a", "constructor"]],
    ]);
    expect(DependencyGraph.parse(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    expect(graph.critical_path).toEqual(["a", "constructor", "b"]);
  });

  test("ids that look like numbers keep the order of the list in every list", () => {
    const list = listOf([task("10"), task("9"), task("2", { depends_on: ["9", "10"] }), task("1")]);
    const { independent_tasks, tasks, critical_path } = graphOf(list);
    expect({ independent_tasks, needs: tasks["2"], critical_path }).toEqual({
      independent_tasks: ["10", "9", "1"],
      needs: ["10", "9"],
      critical_path: ["10", "2"],
    });
  });
});

describe("cycles", () => {
  function cycleOf(needs: Record<string, string[]>): string {
    return refused(analyzeDependencies(chain(needs), "sequential")).message;
  }
  const prefix = "depends_on: the tasks wait for each other in a circle:";

  test("of two tasks", () => {
    expect(cycleOf({ a: ["b"], b: ["a"] })).toEqual(`${prefix} a → b → a`);
  });

  test("are printed without the tasks that only lead there or wait behind", () => {
    expect(cycleOf({ start: [], a: ["start", "c"], b: ["a"], c: ["b"], behind: ["c"] })).toEqual(
      `${prefix} a → b → c → a`,
    );
  });

  test("say in the hint which dependency would open them", () => {
    expect(refused(analyzeDependencies(chain({ x: ["z"], y: ["x"], z: ["y"] }), "sequential")).hint).toEqual(
      "remove one depends_on of the circle, for example x's on z, or make these tasks one",
    );
  });

  test("of a task with itself, which phase 1 refuses, are found here too", () => {
    const list = chain({ a: [], b: ["a"] });
    list.tasks[0]?.depends_on.push("a");
    expect(refused(analyzeDependencies(list, "sequential"))).toEqual({
      code: "cycle",
      message: `${prefix} a → a`,
      hint: "remove one depends_on of the circle, for example a's on a, or make these tasks one",
    });
  });

  test("of a thousand tasks do not overflow the stack", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    const needs = Object.fromEntries(ids.map((id, index) => [id, [ids[(index + 999) % 1_000] ?? ""]]));
    expect(cycleOf(needs).split(" → ").length).toEqual(1_001);
  });

  test("of tasks with names that objects inherit are found", () => {
    expect(cycleOf({ constructor: ["b"], b: ["constructor"] })).toEqual(`${prefix} constructor → b → constructor`);
  });

  test("are found in optimistic mode as well", () => {
    expect(refused(analyzeDependencies(chain({ a: ["b"], b: ["a"] }), "optimistic")).code).toEqual("cycle");
  });

  test("two ways to one task are none", () => {
    expect(graphOf(chain({ top: [], left: ["top"], right: ["top"], end: ["left", "right"] })).tasks.end).toEqual([
      ...["left", "right"],
    ]);
  });
});

describe("conflicts", () => {
  test("that both tasks declare are one pair and one edge", () => {
    const list = listOf([task("b", { conflicts_with: ["a"] }), task("a", { conflicts_with: ["b", "b"] })]);
    const { conflicts, edges } = graphOf(list);
    expect({ conflicts, edges }).toEqual({
      conflicts: [["a", "b"]],
      edges: [{ from: "b", to: "a", kind: "conflict", confidence: 1, why: "b declares conflicts_with a" }],
    });
  });

  test("that are declared and visible in the scopes are one pair with both reasons", () => {
    const list = listOf([task("a", { files: ["x"] }), task("b", { files: ["x"], conflicts_with: ["a"] })]);
    const { conflicts, edges } = graphOf(list);
    expect({ conflicts, why: edges.map((edge) => edge.why) }).toEqual({
      conflicts: [["a", "b"]],
      why: ["both may change x", "b declares conflicts_with a"],
    });
  });

  test("are pairs sorted in themselves and among themselves", () => {
    const list = listOf(["c", "b", "a"].map((id) => task(id, { files: ["same"] })));
    expect(graphOf(list).conflicts).toEqual([
      ["a", "b"],
      ["a", "c"],
      ["b", "c"],
    ]);
  });

  test("with a dependency keep its direction, though the list names the later task first", () => {
    const list = listOf([
      task("second", { files: ["x"], depends_on: ["first"], conflicts_with: ["first"] }),
      task("first", { files: ["x"] }),
    ]);
    expect(graphOf(list).edges.map(({ from, to, kind }) => `${from} → ${to}: ${kind}`)).toEqual([
      "first → second: declared",
      "first → second: scope",
      "first → second: conflict",
    ]);
  });

  test("with a dependency's dependency keep its direction too", () => {
    const list = listOf([
      task("c", { files: ["x"], depends_on: ["b"] }),
      task("b", { depends_on: ["a"] }),
      task("a", { files: ["x"] }),
    ]);
    expect(graphOf(list).edges.filter((edge) => edge.kind === "scope")).toEqual([
      { from: "a", to: "c", kind: "scope", confidence: 1, why: "both may change x" },
    ]);
  });
});

describe("optimistic mode", () => {
  const list = listOf([
    task("a", { files: ["src/**"] }),
    task("b", { files: ["src/b.ts"] }),
    task("c", { conflicts_with: ["a"], files: ["docs/c.md"], locks: ["db"] }),
  ]);

  test("notes overlapping scopes without keeping the tasks apart; declared conflicts and locks still do", () => {
    const { conflicts, locks, edges } = graphOf(list, "optimistic");
    expect({ conflicts, locks, edges }).toEqual({
      conflicts: [["a", "c"]],
      locks: { db: ["c"] },
      edges: [
        {
          ...{ from: "a", to: "b", kind: "scope", confidence: 1 },
          why: "src/** overlaps src/b.ts; may run side by side, the merge decides",
        },
        { from: "a", to: "c", kind: "conflict", confidence: 1, why: "c declares conflicts_with a" },
      ],
    });
  });

  test("is the only difference to sequential mode", () => {
    const [sequential, optimistic] = [graphOf(list), graphOf(list, "optimistic")];
    expect({ ...optimistic, conflicts: [], edges: [] }).toEqual({ ...sequential, conflicts: [], edges: [] });
    expect(sequential.conflicts).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
  });
});

test("locks are named with their holders and never expanded into pairs", () => {
  const list = listOf([
    task("z", { locks: ["port", "constructor"] }),
    task("a", { locks: ["database", "port"] }),
    task("m", { locks: ["database"] }),
  ]);
  const { locks, conflicts, edges } = graphOf(list);
  expect({ locks: Object.entries(locks), conflicts, edges }).toEqual({
    locks: [
      ["constructor", ["z"]],
      ["database", ["a", "m"]],
      ["port", ["z", "a"]],
    ],
    conflicts: [],
    edges: [],
  });
});

test("the analysis says how deep it went", () => {
  expect(graphOf(chain({ a: [] })).coverage).toEqual({ "*": "file" });
});

test("the same list gives the same bytes", () => {
  const list = listOf([task("2", { locks: ["10", "9"] }), task("1", { files: ["src/**"] }), task("x")]);
  expect(JSON.stringify(graphOf(structuredClone(list)))).toEqual(JSON.stringify(graphOf(list)));
});
