/** A run that is to start nothing more for now, as a tool. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { progressOf } from "../core/run/run-status.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

export const pauseRun = defineTool({
  name: "pause_run",
  title: "Pause run",
  description: "Let the tasks that run end and start nothing more. execute_batch goes on.",
  input: z.object({ run_id: RUN_ID }),
  output: z.object({ state: RunState, running: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id }, { orchestrator }) {
    const paused = await orchestrator.pause(run_id);
    if (!paused.ok) return paused;
    const state = paused.value;
    const context = await orchestrator.context(run_id);
    const running = context.ok ? progressOf(context.value).running : [];
    if (state === "paused") {
      const next = { tool: "execute_batch", arguments: { run_id }, why: "goes on with the run" };
      return ok({ summary: `run ${run_id} is paused`, run_id, state, running, next });
    }
    const left = running.length === 0 ? "" : `; still at work: ${running.join(", ")}`;
    const next = { tool: "get_run", arguments: { run_id }, why: "waits until what runs has ended" };
    return ok({ summary: `run ${run_id} starts nothing more${left}`, run_id, state, running, next });
  },
});
