/** More work for a run that has begun, as a tool. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";
import { ProposedTask } from "./proposed-task.ts";

export const addTasks = defineTool({
  name: "add_tasks",
  title: "Add tasks",
  description:
    "More tasks for a run, also while it executes. depends_on may name tasks of the run. What has begun stays as it is; the rest is planned again.",
  input: z.object({ run_id: RUN_ID, tasks: z.array(ProposedTask).min(1) }),
  output: z.object({ added: z.array(z.string()), taken_up: z.boolean(), state: RunState }),
  readOnly: false,
  async run({ run_id, tasks }, { orchestrator }) {
    const done = await orchestrator.requests.addTasks(run_id, tasks);
    if (!done.ok) return done;
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { state, next } = view.value;
    const { tasks: added, taken_up } = done.value;
    const said = taken_up ? "planned with the rest" : "taken up at the run's next decision";
    return ok({ summary: `${added.join(", ")} added; ${said}`, run_id, added, taken_up, state, next });
  },
});
