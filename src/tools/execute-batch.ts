/** Phase 4 as a tool. */
import { z } from "zod";
import { BatchResults, type TaskResult } from "../core/model/batch-results.ts";
import { ok, type Result } from "../core/model/result.ts";
import type { Operations } from "../core/orchestrator.ts";
import { ClaimFields } from "./claim-fields.ts";
import { defineTool, RUN_ID, WAIT_SECONDS } from "./define-tool.ts";

const CLAIM_MS = 30_000;

export const executeBatch = defineTool({
  name: "execute_batch",
  title: "Execute batch",
  description:
    "Phase 4: start one agent per task of the next batch (or of all, with a sync point after each) and return at once; get_run waits. Also goes on with an interrupted run.",
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
    const again = await againByClient(run_id, orchestrator);
    if (!again.ok) return again;
    const begun = await orchestrator.execute(run_id, batch_id ?? "next", agent);
    const claimed = await orchestrator.requests.claimOffered(run_id, begun, CLAIM_MS);
    if (!claimed.ok) return claimed;
    const { claims, next } = claimed.value;
    if (claims.length === 0) await wait(run_id, wait_seconds);
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const results = await view.value.results();
    if (!results.ok) return results;
    const { state } = view.value;
    const yours = claims.map((claim) => claim.task_id);
    const summary = state === "executing" ? working(results.value, yours) : idle(results.value);
    const common = { run_id, phase: "phase_4_execute" as const, next: next ?? view.value.next };
    return ok({ summary, ...common, state, ...results.value, claims });
  },
});

/** After the report: what the client did and the checks fail with is begun anew, once. */
async function againByClient(runId: string, orchestrator: Operations): Promise<Result<unknown>> {
  const view = orchestrator.view(runId);
  const tasks = view.ok && view.value.next?.tool === "execute_batch" ? view.value.extraAttempts : [];
  return tasks.length === 0 ? ok(undefined) : orchestrator.requests.retry(runId, { tasks });
}

function working({ batches }: BatchResults, yours: string[]): string {
  const tasks = batches.flatMap((batch) => batch.tasks);
  const running = tasks.filter((task) => task.status === "running").map((task) => task.task_id);
  const claimed = yours.length === 0 ? "" : `yours: ${yours.join(", ")}; `;
  return `${claimed}running: ${running.join(", ") || "starting"}; ${ended(tasks)}`;
}

function idle({ batches, failures }: BatchResults): string {
  return `${ended(batches.flatMap((batch) => batch.tasks))}, ${failures.length} failed`;
}

function ended(tasks: TaskResult[]): string {
  const done = tasks.filter((task) => task.status !== "running" && task.status !== "pending");
  return `${done.length} of ${tasks.length} tasks ended`;
}
