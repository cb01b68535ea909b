/** PHASE 2 of the specification, clause by clause. */
import { describe, expect, test } from "vitest";
import { analyzeDependencies } from "../../src/core/2-dependency/analyze-dependencies.ts";
import { PHASE_BOUNDARIES } from "../../src/core/boundary/phase-boundaries.ts";
import { DependencyGraph } from "../../src/core/model/dependency-graph.ts";
import { batchesOf, chain, graphOf, listOf, problemsOf, refused } from "../core/sample-plan.ts";

const FOUR = chain({ task_001: [], task_002: [], task_003: ["task_001"], task_004: ["task_001", "task_002"] });

describe("PHASE 2: Dependency Analysis", () => {
  test("Task Boundary Declaration: DEPENDENCY_ANALYSIS, ACCESS: read_only", () => {
    expect(PHASE_BOUNDARIES.phase_2_dependency).toEqual({
      task_boundary: "DEPENDENCY_ANALYSIS",
      access: "read_only",
      scope: [expect.any(String)],
    });
  });

  test("2.1. File Conflict Detection: which tasks modify same files? Mark as conflict if overlapping", () => {
    const list = listOf([
      { id: "format", description: "Format", files: ["utils/format.py"] },
      { id: "helper", description: "Help", files: ["utils/helper.py"] },
      { id: "sweep", description: "Sweep", files: ["utils/**"] },
      { id: "config", description: "Configure", files: ["config/settings.py"] },
    ]);
    const { conflicts, edges } = graphOf(list);
    expect(conflicts).toEqual([
      ["format", "sweep"],
      ["helper", "sweep"],
    ]);
    expect(edges).toEqual([
      { from: "format", to: "sweep", kind: "scope", confidence: 1, why: "utils/format.py overlaps utils/**" },
      { from: "helper", to: "sweep", kind: "scope", confidence: 1, why: "utils/helper.py overlaps utils/**" },
    ]);
  });

  test("2.2. Import/Call Dependency: a declared dependency orders two tasks, and says so", () => {
    expect(graphOf(chain({ define: [], use: ["define"] })).edges).toEqual([
      { from: "define", to: "use", kind: "declared", confidence: 1, why: "use declares depends_on define" },
    ]);
  });

  test("2.3. Build Dependency Graph: the specification's four tasks", () => {
    expect(graphOf(FOUR).tasks).toEqual({
      task_001: [],
      task_002: [],
      task_003: ["task_001"],
      task_004: ["task_001", "task_002"],
    });
  });

  describe("2.4. Identify Independent Tasks", () => {
    test("Tasks with no dependencies", () => {
      expect(graphOf(FOUR).independent_tasks).toEqual(["task_001", "task_002"]);
    });

    test("Tasks whose dependencies are complete: these form parallel batches", () => {
      expect(batchesOf(FOUR)).toEqual([
        ["task_001", "task_002"],
        ["task_003", "task_004"],
      ]);
    });
  });

  test("Output: $dependency_graph with tasks, conflicts, independent_tasks and critical_path", () => {
    const graph = graphOf(FOUR);
    expect(DependencyGraph.parse(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    expect(graph).toEqual({
      tasks: { task_001: [], task_002: [], task_003: ["task_001"], task_004: ["task_001", "task_002"] },
      conflicts: [],
      locks: {},
      independent_tasks: ["task_001", "task_002"],
      critical_path: ["task_001", "task_003"],
      critical_path_ms: 1_200_000,
      edges: [
        ["task_001", "task_003"],
        ["task_001", "task_004"],
        ["task_002", "task_004"],
      ].map(([from, to]) => ({ from, to, kind: "declared", confidence: 1, why: `${to} declares depends_on ${from}` })),
      coverage: { "*": "file" },
    });
  });

  describe("Validation", () => {
    test("No circular dependencies", () => {
      const list = chain({ a: ["c"], b: ["a"], c: ["b"] });
      expect(refused(analyzeDependencies(list, "sequential"))).toEqual({
        code: "cycle",
        message: "depends_on: the tasks wait for each other in a circle: a → b → c → a",
        hint: "remove one depends_on of the circle, for example a's on c, or make these tasks one",
      });
    });

    test("All dependencies resolvable", () => {
      expect(problemsOf([{ id: "a", description: "A", files: ["a.py"], depends_on: ["b"] }])).toEqual([
        {
          task_id: "a",
          field: "depends_on",
          code: "unknown_task",
          message: 'task a: depends_on names "b", which is no task',
          fix: "known ids: a",
        },
      ]);
    });

    test("Critical path identified: the longest chain by time, not by number of tasks", () => {
      const list = listOf([
        { id: "one", description: "1", files: ["1"], estimated: "5min" },
        { id: "two", description: "2", files: ["2"], estimated: "5min", depends_on: ["one"] },
        { id: "three", description: "3", files: ["3"], estimated: "5min", depends_on: ["two"] },
        { id: "long", description: "4", files: ["4"], estimated: "14min" },
        { id: "end", description: "5", files: ["5"], estimated: "2min", depends_on: ["long"] },
      ]);
      const { critical_path, critical_path_ms } = graphOf(list);
      expect({ critical_path, critical_path_ms }).toEqual({
        critical_path: ["long", "end"],
        critical_path_ms: 960_000,
      });
    });
  });
});
