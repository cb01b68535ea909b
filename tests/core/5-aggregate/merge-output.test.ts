/** Git's answers as they come, and a report that cannot be broken out of. */
import { describe, expect, test } from "vitest";
import { parseMergedTree, parseRawDiff, parseTree } from "../../../src/adapters/git/repository/tree-output.ts";
import { STRATEGY_RULES } from "../../../src/core/5-aggregate/merge/strategies.ts";
import { reportMarkdown } from "../../../src/core/5-aggregate/report/report-markdown.ts";
import { Strategy } from "../../../src/core/model/conflict.ts";
import { Report } from "../../../src/core/model/report.ts";

describe("git's output", () => {
  test("of a tree keeps tabs and line breaks in names", () => {
    expect([...parseTree(["100644 blob aa\ta\tb\nc"])]).toEqual([["a\tb\nc", { mode: "100644", blob: "aa" }]]);
  });

  test("of a diff has no entry on the side where there is no file", () => {
    expect(parseRawDiff([":000000 100644 00 aa A", "x", ":100644 000000 aa 00 D", "y"])).toEqual([
      { path: "x", before: undefined, after: { mode: "100644", blob: "aa" } },
      { path: "y", before: { mode: "100644", blob: "aa" }, after: undefined },
    ]);
  });

  test("of a merge names each conflicted path once, with git's own words", () => {
    const stages = [1, 2, 3].map((stage) => `100644 aa ${stage}\ta\tb`).join("\0");
    const said = "1\0a\tb\0Auto-merging\0Auto-merging a\x001\0a\tb\0CONFLICT (contents)\0CONFLICT in a\n\0";
    expect(parseMergedTree(`tree\0${stages}\0\0${said}`, false)).toEqual({
      tree: "tree",
      conflicts: [{ path: "a\tb", why: "CONFLICT in a" }],
    });
  });
});

describe("strategies", () => {
  test("have a rule each, and only those that ask a person hold a task back", () => {
    expect(Object.keys(STRATEGY_RULES).sort()).toEqual([...Strategy.options].sort());
    for (const rule of Object.values(STRATEGY_RULES)) if (rule.holdsTask) expect(rule.contested).toBe("review");
  });
});

describe("the report as Markdown", () => {
  test("keeps text of agents inside its cell and its fence", () => {
    const nothing = { hunks: 0, accounted: 0, dropped: [{ task_id: "a", path: "x|y", decision: "b\nc" }] };
    const check = { check: "test", passed: false, duration_ms: 1, output: "~~~~\n# Owned\n" };
    const report = Report.parse({
      ...{ workflow: "parallel_orchestration", run_id: "r", tasks_total: 1, tasks_succeeded: 0, tasks_failed: 1 },
      ...{ tasks_skipped: 0, parallel_efficiency: 1, batches_executed: 1, conflicts_resolved: 0, conflicts_open: [] },
      ...{ final_status: "failed", summary: "s", branch: null, commit: "c", loss: nothing },
      validation: { checks: [check], passed: false, duration_ms: 1 },
      tasks: [
        {
          ...{ task_id: "a", status: "failed", attempts: 1, boundary: "verified" },
          error: { code: "agent_failed", message: "x | y\n| z", hint: "h" },
        },
      ],
      timings: { wall: "1s", wall_ms: 1_000, work: "1s", work_ms: 1_000, validation_ms: 1 },
      cost: { input_tokens: 0, output_tokens: 0, attempts_unreported: 1 },
    });
    const text = reportMarkdown(report);
    expect(text).toContain("agent_failed: x \\| y \\| z |");
    expect(text).toContain("| a | x\\|y | b c |");
    expect(text.match(/^~~~~$/gm)).toHaveLength(2);
  });
});
