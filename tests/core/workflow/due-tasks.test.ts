/** How a workflow goes on, as a function of what its tasks came to: no process, no store. */
import { describe, expect, test } from "vitest";
import type { TaskStatus } from "../../../src/core/model/batch-results.ts";
import type { WorkflowRun } from "../../../src/core/model/orchestration.ts";
import type { TaskOutput } from "../../../src/core/model/task-output.ts";
import { Workflow } from "../../../src/core/model/workflow.ts";
import { dueTasks, isSyncDue } from "../../../src/core/workflow/due-tasks.ts";
import type { WorkflowProgress } from "../../../src/core/workflow/phase-status.ts";

const PLANNED = Workflow.parse({
  id: "900_EXAMPLE",
  name: "example",
  description: "Plan, write, look",
  phases: [
    { id: "phase_1_plan", name: "Plan", access: "read_only", outputs: ["tasks"], instructions: "Plan." },
    { id: "phase_2_write", name: "Write", access: "write", scope: { from: "phase_1_plan" }, instructions: "Write." },
    {
      id: "phase_3_look",
      name: "Look",
      access: "read_only+test_execution",
      outputs: ["passed"],
      instructions: "Look.",
    },
  ],
});

const SELF = Workflow.parse({
  ...{ id: "901_SELF", name: "self", description: "A writing phase that declares its own scope" },
  phases: [{ id: "phase_1_write", name: "Write", access: "write", checks: "must_fail", instructions: "Write." }],
});

interface Past {
  workflow?: Workflow;
  done?: string[];
  failed?: string[];
  placed?: string[];
  output?: Record<string, TaskOutput>;
  part?: Partial<WorkflowRun>;
  synced?: boolean;
}

function progress({
  workflow = PLANNED,
  done = [],
  failed = [],
  placed = [],
  output = {},
  ...rest
}: Past): WorkflowProgress {
  const statuses = new Map<string, TaskStatus>();
  for (const id of placed) statuses.set(id, "pending");
  for (const id of done) statuses.set(id, "success");
  for (const id of failed) statuses.set(id, "failed");
  return {
    run: {
      workflow,
      instances: ["a", "b"].map((id) => ({ id, title: `Do ${id}`, request: `Do ${id}` })),
      ...{ parallel: true, sync_after: null, closes_issues: false },
      ...rest.part,
    },
    taskIds: [...statuses.keys()],
    status: (id) => statuses.get(id),
    output: (id) => output[id],
    stopped: new Set(),
    synced: rest.synced ?? true,
  };
}

const brief = (past: Past): [string, string[]][] =>
  dueTasks(progress(past), ["test"]).map(({ id, depends_on }) => [id, depends_on]);

const TWO = {
  tasks: [
    { id: "x", description: "X", files: ["x"] },
    { description: "Y", files: ["y"], depends_on: ["x"] },
  ],
};

describe("what is due", () => {
  test("first the reading phases of all instances, and nothing that waits for a declaration", () => {
    expect(brief({})).toEqual([
      ["a.plan", []],
      ["b.plan", []],
    ]);
  });

  test("as soon as one instance has declared its scope, its tasks, and what comes behind them", () => {
    expect(brief({ done: ["a.plan"], placed: ["b.plan"], output: { "a.plan": TWO } })).toEqual([
      ["a.write.1", ["a.plan"]],
      ["a.write.2", ["a.plan", "a.write.1"]],
      ["a.look", ["a.write.1", "a.write.2"]],
    ]);
  });

  test("nothing twice: a second look at the same past gives nothing new", () => {
    const placed = ["b.plan", "a.write.1", "a.write.2", "a.look"];
    expect(brief({ done: ["a.plan"], placed, output: { "a.plan": TWO } })).toEqual([]);
  });

  test("an empty declaration leaves the writing phase out, and what follows waits for the planner alone", () => {
    expect(brief({ done: ["a.plan"], placed: ["b.plan"], output: { "a.plan": { tasks: [] } } })).toEqual([
      ["a.look", ["a.plan"]],
    ]);
  });

  test("nothing more for an instance of which a task failed", () => {
    expect(brief({ failed: ["a.plan"], placed: ["b.plan"] })).toEqual([]);
    expect(brief({ failed: ["a.plan"], done: ["b.plan"], output: { "b.plan": TWO } }).map(([id]) => id)).toEqual([
      "b.write.1",
      "b.write.2",
      "b.look",
    ]);
  });

  test("with parallel: false the second instance begins when the first has ended", () => {
    const part = { parallel: false };
    expect(brief({ part }).map(([id]) => id)).toEqual(["a.plan"]);
    expect(brief({ part, failed: ["a.plan"] }).map(([id]) => id)).toEqual(["b.plan"]);
  });

  test("a phase that declares its own scope begins by reading, then writes under red checks", () => {
    expect(brief({ workflow: SELF }).map(([id]) => id)).toEqual(["a.write.scope", "b.write.scope"]);
    const past = {
      workflow: SELF,
      done: ["a.write.scope"],
      placed: ["b.write.scope"],
      output: { "a.write.scope": TWO },
    };
    const due = dueTasks(progress(past), ["test"]);
    expect(due.map(({ id, red_checks }) => [id, red_checks])).toEqual([
      ["a.write.1", ["test"]],
      ["a.write.2", ["test"]],
    ]);
  });
});

describe("the sync point", () => {
  const sync = { part: { sync_after: "phase_2_write" }, synced: false };
  const output = { "a.plan": TWO, "b.plan": { tasks: [] } };

  test("holds back what is behind it until every instance is there", () => {
    const done = ["a.plan", "a.write.1", "a.write.2"];
    expect(brief({ ...sync, done, placed: ["b.plan"], output })).toEqual([]);
    expect(isSyncDue(progress({ ...sync, done, placed: ["b.plan"], output }))).toBe(false);
    expect(isSyncDue(progress({ ...sync, done: [...done, "b.plan"], output }))).toBe(true);
    expect(brief({ ...sync, synced: true, done: [...done, "b.plan"], output }).map(([id]) => id)).toEqual([
      "a.look",
      "b.look",
    ]);
  });

  test("does not wait for an instance that failed, and is no point when all did", () => {
    const done = ["a.plan", "a.write.1", "a.write.2"];
    expect(isSyncDue(progress({ ...sync, done, failed: ["b.plan"], output }))).toBe(true);
    expect(isSyncDue(progress({ ...sync, failed: ["a.plan", "b.plan"] }))).toBe(false);
  });
});
