/** A person's decision as a tool. */
import { z } from "zod";
import { Choice } from "../core/model/conflict.ts";
import { ok } from "../core/model/result.ts";
import { resolveConflict as resolve } from "../core/resolve-conflict.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

export const resolveConflict = defineTool({
  name: "resolve_conflict",
  title: "Resolve conflict",
  description:
    "Record the user's decision on one conflict. Ask the user first, with both versions. Then aggregate again.",
  input: z.object({
    run_id: RUN_ID,
    conflict_id: z.string(),
    choice: Choice.describe(
      "ours: merged before; theirs: the waiting task's; both: one after the other; edited: content",
    ),
    content: z.string().max(5_000_000).optional().describe("the whole file, for choice edited"),
  }),
  output: z.object({ remaining: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id, ...answer }, { orchestrator }) {
    const left = await resolve(run_id, answer, orchestrator.ports);
    if (!left.ok) return left;
    const remaining = left.value.map((conflict) => conflict.conflict_id);
    const summary = remaining.length === 0 ? "every conflict is decided" : `${remaining.length} conflicts are left`;
    const [first] = remaining;
    const next =
      first === undefined
        ? {
            tool: "execute_batch",
            arguments: { run_id, batch_id: "all" },
            why: "tasks that waited can run; then aggregate_results",
          }
        : {
            tool: "resolve_conflict",
            arguments: { run_id, conflict_id: first, choice: "ours" },
            why: "decide the next one",
          };
    return ok({ summary, run_id, next, remaining });
  },
});
