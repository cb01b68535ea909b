/** What attempts come to: retries counted, dependents skipped, batches judged, and the brief that tells why. */
import { describe, expect, test } from "vitest";
import { batchResults } from "../../../src/core/4-execute/batch-results.ts";
import { isFinal } from "../../../src/core/4-execute/retry-rule.ts";
import { taskResults } from "../../../src/core/4-execute/task-results.ts";
import type { Attempt } from "../../../src/core/model/attempt.ts";
import type { DependencyGraph } from "../../../src/core/model/dependency-graph.ts";
import { Failure, type FailureCode } from "../../../src/core/model/failure.ts";

function attempt(task_id: string, state: Attempt["state"], code?: FailureCode, number = 1): Attempt {
  const error = code === undefined ? {} : { error: Failure.parse({ code, message: `${code}!`, hint: "hint" }) };
  const where = { base: "base", workspace: "/w", log_file: "/l", boundary: "verified" as const };
  return { task_id, attempt: number, state, started_at: 1_000, finished_at: 3_000, ...where, ...error };
}

const rejected = (code: FailureCode): Attempt => attempt("a", "rejected", code);
const LOST = attempt("a", "lost");

describe("a task has had its last attempt", () => {
  test.each([
    ["never before its first", [], false],
    ["when it was accepted", [attempt("a", "accepted")], true],
    ["not after two failures", [rejected("agent_failed"), rejected("timed_out")], false],
    ["after three failures", [rejected("agent_failed"), rejected("timed_out"), rejected("no_changes")], true],
    ["at once when trying again cannot help", [rejected("agent_unavailable")], true],
    ["not by being cancelled", [rejected("cancelled"), rejected("cancelled"), rejected("cancelled")], false],
    ["not by being lost", [rejected("agent_failed"), LOST, LOST, LOST, rejected("agent_failed")], false],
    ["when accepted after failures", [rejected("agent_failed"), attempt("a", "accepted")], true],
  ])("%s", (_, attempts, final) => {
    expect(isFinal(attempts)).toBe(final);
  });
});

const graph = (tasks: Record<string, string[]>): DependencyGraph => ({
  ...{ tasks, conflicts: [], locks: {}, independent_tasks: [], critical_path: [], critical_path_ms: 0, edges: [] },
  coverage: {},
});

const statusesOf = (tasks: Record<string, string[]>, attempts: Attempt[]): Record<string, string> => {
  const results = taskResults({ ids: Object.keys(tasks), graph: graph(tasks), attempts, enforcement: "verified" });
  return Object.fromEntries([...results].map(([id, result]) => [id, result.status]));
};

describe("task results", () => {
  test("skip what needs a failed task, directly or not, and nothing else", () => {
    const tasks = { a: [], b: ["a"], c: ["b", "d"], d: [], e: ["d"] };
    const found = statusesOf(tasks, [rejected("agent_unavailable"), attempt("d", "accepted")]);
    expect(found).toEqual({ a: "failed", b: "skipped", c: "skipped", d: "success", e: "pending" });
  });

  test("skip nothing that only uses code of a failed task, unless it is declared or still to be made; and say what it ran without", () => {
    const tasks = { a: [], used: ["a"], both: ["a"], made: ["a"], next: ["used"], far: ["both"] };
    const edge = (to: string, more: object) => ({
      from: "a",
      to,
      confidence: 0.7,
      why: "uses it",
      orders: true,
      ...more,
    });
    const symbol = { kind: "symbol" as const };
    const edges = [
      edge("used", symbol),
      ...[edge("both", symbol), edge("both", { kind: "declared" as const })],
      edge("made", { ...symbol, required: true }),
    ].map((one) => ({ kind: "symbol" as const, ...one }));
    const attempts = [rejected("agent_unavailable"), attempt("used", "accepted")];
    const whole = { ...graph(tasks), edges };
    const results = taskResults({ ids: Object.keys(tasks), graph: whole, attempts, enforcement: "verified" });
    expect(Object.fromEntries([...results].map(([id, { status }]) => [id, status]))).toEqual({
      ...{ a: "failed", used: "success", both: "skipped", made: "skipped", next: "pending", far: "skipped" },
    });
    expect(results.get("used")?.notes).toEqual([expect.stringContaining("without the work of a")]);
    expect(results.get("next")?.notes).toBeUndefined();
  });

  test("keep a success that a later failure of its need cannot undo", () => {
    const found = statusesOf({ a: [], b: ["a"] }, [attempt("b", "accepted"), rejected("agent_unavailable")]);
    expect(found).toEqual({ a: "failed", b: "success" });
  });

  test("call a lost or cancelled attempt pending", () => {
    expect(statusesOf({ a: [] }, [LOST])).toEqual({ a: "pending" });
    expect(statusesOf({ a: [] }, [rejected("cancelled")])).toEqual({ a: "pending" });
  });

  test("end also where tasks wait for each other many times over", () => {
    const ids = Array.from({ length: 300 }, (_, index) => `t${index}`);
    const tasks = Object.fromEntries(ids.map((id, index) => [id, ids.slice(0, index)]));
    const found = statusesOf(tasks, [attempt("t0", "rejected", "agent_unavailable")]);
    expect(Object.values(found).filter((status) => status === "skipped")).toHaveLength(299);
  });
});

describe("batch results", () => {
  const plan = { batches: ["a", "b"].map((id, index) => ({ batch_id: index + 1, tasks: [id] })) };
  const judge = (attempts: Attempt[], times: { batch_id: number; started_at: number; finished_at?: number }[]) => {
    const results = taskResults({ ids: ["a", "b"], graph: graph({ a: [], b: [] }), attempts, enforcement: "verified" });
    return batchResults(plan as Parameters<typeof batchResults>[0], results, { attempts, times, now: 9_000 });
  };

  test("are pending, running, then what their tasks came to", () => {
    expect(judge([], []).overall_status).toBe("pending");
    const first = { batch_id: 1, started_at: 1_000 };
    expect(judge([attempt("a", "running")], [first])).toMatchObject({
      overall_status: "running",
      batches: [
        { status: "running", duration_ms: 8_000 },
        { status: "pending", duration_ms: 0 },
      ],
    });
    const done = [
      { ...first, finished_at: 2_000 },
      { batch_id: 2, started_at: 2_000, finished_at: 4_000 },
    ];
    const both = [attempt("a", "accepted"), attempt("b", "rejected", "agent_unavailable")];
    expect(judge(both, done)).toMatchObject({
      overall_status: "partial",
      batches: [
        { status: "complete", duration: "1s" },
        { status: "failed", duration: "2s" },
      ],
      failures: [{ task_id: "b", code: "agent_unavailable" }],
    });
  });
});
