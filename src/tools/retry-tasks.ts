/** Tasks of a run done again, as a tool. */
import { z } from "zod";
import { Name, TaskId } from "../core/model/identifier.ts";
import { ok } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

export const retryTasks = defineTool({
  name: "retry_tasks",
  title: "Retry tasks",
  description:
    "Do failed tasks again, in the same run, on top of what is merged; without tasks all that failed. What was skipped for their sake follows. Then execute_batch and aggregate_results.",
  input: z.object({
    run_id: RUN_ID,
    tasks: z.array(TaskId).max(500).default([]),
    agent: Name.optional(),
    note: z.string().trim().min(1).max(4_000).optional(),
  }),
  output: z.object({ retried: z.array(z.string()), taken_up: z.boolean(), state: RunState }),
  readOnly: false,
  async run({ run_id, ...request }, { orchestrator }) {
    const done = await orchestrator.requests.retry(run_id, request);
    if (!done.ok) return done;
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { state, next } = view.value;
    const { tasks: retried, taken_up } = done.value;
    const said = taken_up ? "will be done again" : "will be done again once the run comes to its next decision";
    return ok({ summary: `${retried.join(", ")} ${said}`, run_id, retried, taken_up, state, next });
  },
});
