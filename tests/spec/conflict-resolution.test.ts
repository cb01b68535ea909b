/** CONFLICT RESOLUTION STRATEGIES, as far as planning settles them before any agent runs. */
import { describe, expect, test } from "vitest";
import { batchesOf, chain, graphOf, listOf, planOf, problemsOf } from "../core/sample-plan.ts";

describe("File-Level Conflicts: If two tasks modify same file", () => {
  const list = listOf([
    { id: "log", description: "Log", files: ["src/app.py"] },
    { id: "cache", description: "Cache", files: ["src/app.py", "src/cache.py"] },
    { id: "docs", description: "Explain", files: ["docs/app.md"] },
  ]);

  test("1. Remove from parallel batch", () => {
    expect(batchesOf(list)).toEqual([["log", "docs"], ["cache"]]);
  });

  test("2. Execute sequentially: the second begins when the first has been merged", () => {
    const { schedule } = planOf(list);
    const times = schedule.map(({ task_id, start_ms, end_ms }) => ({ task_id, start_ms, end_ms }));
    expect(times).toEqual([
      { task_id: "log", start_ms: 0, end_ms: 600_000 },
      { task_id: "docs", start_ms: 0, end_ms: 600_000 },
      { task_id: "cache", start_ms: 602_000, end_ms: 1_202_000 },
    ]);
  });

  test("3. Or split into non-overlapping changes: a large task gets a proposal by files", () => {
    const files = ["src/a.py", "src/b.py", "src/c.py"];
    const [problem] = problemsOf([{ id: "big", description: "Rework", files, estimated: "1h" }]);
    expect(problem?.fix).toEqual(
      "split it by files, for example: big-1 (30min): src/a.py; big-2 (30min): src/b.py, src/c.py",
    );
  });

  test("or leave it to the merge, where the operator chose same_file: optimistic", () => {
    const plan = planOf(list, 5, { graph: graphOf(list, "optimistic") });
    expect(plan.batches.map((batch) => batch.tasks)).toEqual([["log", "cache", "docs"]]);
  });
});

describe("Import/Dependency Conflicts: If task B depends on task A output", () => {
  const list = chain({ b: ["a"], a: [] });

  test("1. Task A in earlier batch, 3. Task B in later batch", () => {
    expect(batchesOf(list)).toEqual([["a"], ["b"]]);
  });

  test("2. Sync point", () => {
    expect(planOf(list).batches[0]).toEqual({
      ...{ batch_id: 1, parallel: false, tasks: ["a"], sync_after: true },
      ...{ estimated_time: "10min", estimated_time_ms: 600_000 },
    });
  });
});
