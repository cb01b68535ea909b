/** Phase 4 as a tool. */
import { z } from "zod";
import { resultsOf } from "../core/aggregate-run.ts";
import { BatchResults } from "../core/model/batch-results.ts";
import { ok } from "../core/model/result.ts";
import { stateOf } from "../core/run-status.ts";
import { defineTool, RUN_ID, WAIT_SECONDS } from "./define-tool.ts";

export const executeBatch = defineTool({
  name: "execute_batch",
  title: "Execute batch",
  description:
    "Phase 4: start one agent process per task of the next batch (or of all batches, with a sync point after each) and return at once; get_run waits for the end. Also goes on with an interrupted run.",
  input: z.object({
    run_id: RUN_ID,
    batch_id: z
      .union([z.number().int().min(1), z.literal("all")])
      .optional()
      .describe("default: the next one"),
    agent: z.string().optional().describe("a configured agent; default: the configuration's"),
    wait_seconds: WAIT_SECONDS.default(0),
  }),
  output: BatchResults.extend({ state: z.string() }),
  readOnly: false,
  async run({ run_id, batch_id, agent, wait_seconds }, { orchestrator, wait }) {
    const begun = await orchestrator.execute(run_id, batch_id ?? "next", agent);
    if (!begun.ok) return begun;
    await wait(run_id, wait_seconds);
    const results = resultsOf(begun.value);
    const run = orchestrator.ports.store.run(run_id) ?? begun.value.session.run;
    const state = stateOf(run, orchestrator.ports);
    const tasks = results.batches.flatMap((batch) => batch.tasks);
    const running = tasks.filter((task) => task.status === "running").map((task) => task.task_id);
    const ended = tasks.filter((task) => ["success", "failed", "skipped"].includes(task.status)).length;
    const busy = state === "executing";
    const summary = busy
      ? `running: ${running.join(", ") || "starting"}; ${ended} of ${tasks.length} tasks ended`
      : `${ended} of ${tasks.length} tasks ended, ${results.failures.length} failed`;
    const follow = run.phase === "phase_4_execute" ? "aggregate_results" : "execute_batch";
    const next = busy
      ? { tool: "get_run", arguments: { run_id, include: ["results"] }, why: "waits for progress; repeat until idle" }
      : { tool: follow, arguments: { run_id }, why: "this batch is done" };
    return ok({ summary, run_id, phase: "phase_4_execute" as const, next, state, ...results });
  },
});
