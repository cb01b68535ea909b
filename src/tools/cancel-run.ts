/** Ending a run for good, as a tool. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { resultsOf } from "../core/run/run-status.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

const WAIT = 10;

export const cancelRun = defineTool({
  name: "cancel_run",
  title: "Cancel run",
  description: "End a run for good. Agents are stopped; all work is kept under refs/forkjoin/.",
  input: z.object({ run_id: RUN_ID, reason: z.string().max(1_000).optional() }),
  output: z.object({ stopped: z.array(z.string()), kept: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id, reason }, { orchestrator, wait }) {
    const before = await orchestrator.context(run_id);
    const working = before.ok ? resultsOf(before.value).batches.flatMap((batch) => batch.tasks) : [];
    const stopped = working.filter((task) => task.status === "running").map((task) => task.task_id);
    const cancelled = await orchestrator.cancel(run_id, reason ?? "cancelled by the client");
    if (!cancelled.ok) return cancelled;
    await wait(run_id, WAIT);
    const attempts = orchestrator.ports.store.attempts(run_id);
    const kept = attempts.flatMap((attempt) => attempt.change?.commit ?? attempt.kept?.commit ?? []);
    const summary = `run ${run_id} is cancelled; ${stopped.length} agents stopped, ${kept.length} results kept`;
    return ok({ summary, run_id, stopped, kept });
  },
});
