/** Ending a run for good, as a tool. */
import { z } from "zod";
import { hasEnded } from "../core/model/life.ts";
import { ok } from "../core/model/result.ts";
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
    const before = orchestrator.view(run_id);
    if (before.ok && hasEnded(before.value.state) && !before.value.isWorking) {
      const summary = `run ${run_id} is ${before.value.state}: it had ended, and nothing was changed`;
      return ok({ summary, run_id, stopped: [], kept: [] });
    }
    const progress = before.ok ? await before.value.progress() : before;
    const stopped = progress.ok ? progress.value.running : [];
    const cancelled = await orchestrator.cancel(run_id, reason ?? "cancelled by the client");
    if (!cancelled.ok) return cancelled;
    await wait(run_id, WAIT);
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const kept = view.value.attempts.flatMap((attempt) => attempt.change?.commit ?? attempt.kept?.commit ?? []);
    const summary = `run ${run_id} is ${view.value.state}; ${stopped.length} agents stopped, ${kept.length} results kept`;
    return ok({ summary, run_id, stopped, kept });
  },
});
