/** A run that is to start nothing more for now, as a tool. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

export const pauseRun = defineTool({
  name: "pause_run",
  title: "Pause run",
  description: "Let the tasks that run end and start nothing more. execute_batch goes on.",
  input: z.object({ run_id: RUN_ID }),
  output: z.object({ state: RunState, running: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id }, { orchestrator }) {
    const paused = await orchestrator.requests.pause(run_id);
    if (!paused.ok) return paused;
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { state, next } = view.value;
    const progress = await view.value.progress();
    const running = progress.ok ? progress.value.running : [];
    const left = running.length === 0 ? "" : `; still at work: ${running.join(", ")}`;
    const said = state === "paused" ? "is paused" : `starts nothing more${left}`;
    return ok({ summary: `run ${run_id} ${said}`, run_id, state, running, next });
  },
});
