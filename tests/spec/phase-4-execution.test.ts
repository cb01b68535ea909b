/** PHASE 4 of the specification, clause by clause, over real processes and a real repository. */
import { describe, expect, test } from "vitest";
import { batchResults } from "../../src/core/4-execute/batch-results.ts";
import type { BatchResults } from "../../src/core/model/batch-results.ts";
import type { Result } from "../../src/core/model/result.ts";
import type { Orchestrator } from "../../src/core/orchestrator.ts";
import { currentResults } from "../../src/core/run/current-results.ts";
import type { PlannedRun } from "../../src/core/run/planned-run.ts";
import { Rig, type RigTask } from "../rig/rig.ts";
import { append, exit, hold } from "../rig/steps.ts";

function expectOk<T>(result: Result<T>): T {
  if (!result.ok) expect.fail(result.error.message);
  return result.value;
}

/** Phases 1 to 3 in this process. */
async function planned(rig: Rig, ...tasks: RigTask[]): Promise<{ orchestrator: Orchestrator; runId: string }> {
  const { orchestrator } = await rig.compose();
  const whole = tasks.map((task) => ({ description: `Do ${task.id}`, files: [`${task.id}.txt`], ...task }));
  const begun = await orchestrator.decompose({ request: "Work", repo: rig.repository, work: { tasks: whole } });
  const runId = expectOk(begun).run.run_id;
  expectOk(await orchestrator.analyze(runId));
  expectOk(await orchestrator.plan(runId));
  return { orchestrator, runId };
}

function resultsOf(context: PlannedRun): BatchResults {
  const { ports, plan, session } = context;
  const times = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  return batchResults(plan, currentResults(context), {
    attempts: ports.store.attempts(session.run.run_id),
    times,
    now: 0,
  });
}

/** Executes and waits; the results as they are then. */
async function executed(rig: Rig, ...tasks: RigTask[]): Promise<BatchResults> {
  const { orchestrator, runId } = await planned(rig, ...tasks);
  const context = expectOk(await orchestrator.execute(runId, "all"));
  await orchestrator.live.wait(runId, 60_000);
  return resultsOf(context);
}

describe("PHASE 4: Parallel Execution", () => {
  test("4.1. For Each Batch: BATCH_START with its PARALLEL task ids, in the order of the plan", async () => {
    await using rig = await Rig.create();
    const { orchestrator, runId } = await planned(rig, { id: "a", allow_empty: true }, { id: "b", depends_on: ["a"] });
    expectOk(await orchestrator.execute(runId, "all"));
    await orchestrator.live.wait(runId, 60_000);
    const events = orchestrator.ports.store.events(runId, 0);
    const started = events.flatMap((event) => (event.type === "batch_started" ? [[event.batch_id, event.tasks]] : []));
    expect(started).toEqual([
      [1, ["a"]],
      [2, ["b"]],
    ]);
  });

  test("4.2. Spawn Parallel Agents: one agent per task in batch, each with isolated context", async () => {
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    rig.script({ a: [hold, append("a.txt", "x\n")], b: [hold, append("b.txt", "x\n")] });
    const { orchestrator, runId } = await planned(rig, { id: "a" }, { id: "b" });
    expectOk(await orchestrator.execute(runId, "next"));
    const [a, b] = await rig.control.all("a", "b");
    expect(rig.control.waiting).toEqual(["a", "b"]);
    expect(a?.pid).not.toBe(b?.pid);
    expect(a?.directory).not.toBe(b?.directory);
    a?.release();
    b?.release();
    await orchestrator.live.wait(runId, 60_000);
  });

  test("4.2. Each agent follows task specification: the brief holds description, access and scope", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")] });
    await executed(rig, { id: "a", description: "Add a line." });
    expect(rig.briefOf("a", 1)).toContain("# Task a\n\nAdd a line.");
    expect(rig.briefOf("a", 1)).toContain("TASK_BOUNDARY: a\nACCESS: write\nSCOPE:\n- a.txt");
  });

  test("4.3. return_exceptions: one task's failure is a result, not the end of the others", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [exit(1)], b: [append("b.txt", "x\n")] });
    const results = await executed(rig, { id: "a" }, { id: "b" });
    expect(results.batches[0]).toMatchObject({
      status: "partial",
      tasks: [{ status: "failed" }, { status: "success" }],
    });
  });

  test("4.4. Sync Point After Each Batch: wait for all agents, collect results, and only then start the next", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")], b: [hold, append("b.txt", "x\n")], c: [append("a.txt", "c\n")] });
    const { orchestrator, runId } = await planned(rig, { id: "a" }, { id: "b" }, { id: "c", files: ["a.txt"] });
    expectOk(await orchestrator.execute(runId, "all"));
    const held = await rig.control.held("b");
    expect(rig.startedAgents).not.toContain("c 1");
    held.release();
    await orchestrator.live.wait(runId, 60_000);
    const events = orchestrator.ports.store.events(runId, 0).map((event) => event.type);
    expect(events.indexOf("sync_point")).toBeLessThan(events.lastIndexOf("task_started"));
    expect(events.indexOf("sync_point")).toBeGreaterThan(events.indexOf("task_finished"));
  });

  test("4.5. Handle Failures: isolate, continue the independent ones, retry, report for manual review", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [exit(1)], b: [append("b.txt", "x\n")], c: [append("c.txt", "x\n")] });
    const results = await executed(
      rig,
      { id: "a" },
      { id: "b" },
      { id: "c", depends_on: ["b"] },
      { id: "d", depends_on: ["a"] },
    );
    const statuses = results.batches.flatMap((batch) => batch.tasks.map((task) => [task.task_id, task.status]));
    expect(Object.fromEntries(statuses)).toEqual({ a: "failed", b: "success", c: "success", d: "skipped" });
    expect(results.failures).toEqual([{ task_id: "a", code: "agent_failed", message: expect.any(String) }]);
    const reason = expect.stringContaining("exit code 1");
    expect(results.retries).toEqual([
      { task_id: "a", attempt: 2, reason },
      { task_id: "a", attempt: 3, reason },
    ]);
  });

  test("Output: $batch_results with status, tasks, duration, overall_status, failures and retries", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")] });
    expect(await executed(rig, { id: "a" })).toMatchObject({
      batches: [
        {
          batch_id: 1,
          status: "complete",
          tasks: [{ task_id: "a", status: "success", attempts: 1, error: null, result: { files: ["a.txt"] } }],
          duration: expect.any(String),
        },
      ],
      overall_status: "complete",
      failures: [],
      retries: [],
    });
  });
});

describe("the order of the phases", () => {
  test("executing before planning says what to call", async () => {
    await using rig = await Rig.create();
    const { orchestrator } = await rig.compose();
    const tasks = [{ id: "a", description: "A", files: ["a.txt"] }];
    const { run } = expectOk(await orchestrator.decompose({ request: "x", repo: rig.repository, work: { tasks } }));
    expect(await orchestrator.execute(run.run_id, "all")).toMatchObject({
      error: { code: "wrong_phase", hint: expect.stringContaining("analyze") },
    });
    expect(await orchestrator.aggregate(run.run_id, {})).toMatchObject({ ok: false });
  });

  test("a later batch cannot be executed before an earlier one, and an unknown one not at all", async () => {
    await using rig = await Rig.create();
    const { orchestrator, runId } = await planned(rig, { id: "a" }, { id: "b", depends_on: ["a"] });
    expect(await orchestrator.execute(runId, 2)).toMatchObject({ error: { code: "wrong_phase" } });
    expect(await orchestrator.execute(runId, 9)).toMatchObject({
      error: { code: "unknown_batch", hint: "batches: 1, 2" },
    });
  });
});
