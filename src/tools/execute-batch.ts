/** Phase 4 as a tool. */
import { z } from "zod";
import { BatchResults } from "../core/model/batch-results.ts";
import { ok } from "../core/model/result.ts";
import { claimBatch } from "../core/requests/claim-task.ts";
import { handsOutTasks } from "../core/requests/offers-to-come.ts";
import { resultsOf, stateOf } from "../core/run/run-status.ts";
import { ClaimFields, howToWork } from "./claim.ts";
import { defineTool, RUN_ID, WAIT_SECONDS } from "./define-tool.ts";

const CLAIM_MS = 30_000;

export const executeBatch = defineTool({
  name: "execute_batch",
  title: "Execute batch",
  description:
    "Phase 4: start one agent per task of the next batch (or of all, with a sync point after each) and return at once; get_run waits for the end. Also goes on with an interrupted run.",
  input: z.object({
    run_id: RUN_ID,
    batch_id: z
      .union([z.number().int().min(1), z.literal("all")])
      .optional()
      .describe("default: the next one"),
    agent: z.string().optional().describe('a configured agent, or "client": you do the tasks'),
    wait_seconds: WAIT_SECONDS.default(0),
  }),
  output: BatchResults.extend({ state: z.string(), claims: z.array(ClaimFields) }),
  readOnly: false,
  async run({ run_id, batch_id, agent, wait_seconds }, { orchestrator, wait }) {
    const begun = await orchestrator.execute(run_id, batch_id ?? "next", agent);
    const handsOut = handsOutTasks(run_id, orchestrator.ports);
    if (!begun.ok && !(handsOut && begun.error.code === "run_busy")) return begun;
    const claims = handsOut ? await claimBatch(run_id, orchestrator, CLAIM_MS) : ok([]);
    if (!claims.ok) return claims;
    if (claims.value.length === 0) await wait(run_id, wait_seconds);
    const context = begun.ok ? begun : await orchestrator.context(run_id);
    if (!context.ok) return context;
    const results = resultsOf(context.value);
    const run = orchestrator.ports.store.run(run_id) ?? context.value.session.run;
    const state = stateOf(run, orchestrator.ports);
    const tasks = results.batches.flatMap((batch) => batch.tasks);
    const running = tasks.filter((task) => task.status === "running").map((task) => task.task_id);
    const ended = tasks.filter((task) => ["success", "failed", "skipped"].includes(task.status)).length;
    const busy = state === "executing";
    const handed = claims.value.map((claim) => claim.task_id);
    const summary = busy
      ? `${handed.length > 0 ? `yours: ${handed.join(", ")}; ` : ""}running: ${running.join(", ") || "starting"}; ${ended} of ${tasks.length} tasks ended`
      : `${ended} of ${tasks.length} tasks ended, ${results.failures.length} failed`;
    const follow = run.phase === "phase_4_execute" ? "aggregate_results" : "execute_batch";
    const next =
      handed.length > 0
        ? howToWork(claims.value)
        : busy
          ? {
              tool: "get_run",
              arguments: { run_id, include: ["results"] },
              why: "waits for progress; repeat until idle",
            }
          : { tool: follow, arguments: { run_id }, why: "this batch is done" };
    return ok({ summary, run_id, phase: "phase_4_execute" as const, next, state, ...results, claims: claims.value });
  },
});
