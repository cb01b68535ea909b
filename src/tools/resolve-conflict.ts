/** A person's decision as a tool. */
import { z } from "zod";
import { conflictQuestion } from "../core/conflict-question.ts";
import { Choice, type Conflict } from "../core/model/conflict.ts";
import { failure } from "../core/model/failure.ts";
import { err, ok } from "../core/model/result.ts";
import { openConflicts, resolveConflict as resolve } from "../core/resolve-conflict.ts";
import { defineTool, RUN_ID, type ToolContext } from "./define-tool.ts";

export const resolveConflict = defineTool({
  name: "resolve_conflict",
  title: "Resolve conflict",
  description:
    "Record the user's decision on one conflict. Ask the user first, with both versions. Then aggregate again.",
  input: z.object({
    run_id: RUN_ID,
    conflict_id: z.string(),
    choice: Choice.optional().describe(
      "ours: merged before; theirs: the waiting task's; both: one after the other; edited: content. Without it the client asks the user",
    ),
    content: z.string().max(5_000_000).optional().describe("the whole file, for choice edited"),
  }),
  output: z.object({ remaining: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id, conflict_id, content, ...given }, { orchestrator, choose }) {
    const open = openConflicts(run_id, orchestrator.ports).find((conflict) => conflict.conflict_id === conflict_id);
    const choice = given.choice ?? (await askUser(open, choose));
    if (choice === undefined && open !== undefined) return err(NOT_ASKED);
    const left = await resolve(run_id, { conflict_id, choice: choice ?? "ours", content }, orchestrator.ports);
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

/** Only what needs no text to be written: an edited version comes as `content`. */
const ASKED = ["ours", "theirs", "both"] as const;

async function askUser(conflict: Conflict | undefined, choose: ToolContext["choose"]): Promise<Choice | undefined> {
  if (conflict === undefined) return undefined;
  const said = await choose(conflictQuestion(conflict), ASKED);
  return ASKED.find((choice) => choice === said);
}

const NOT_ASKED = failure(
  "invalid_input",
  "choice is missing, and the client gave no answer of the user's",
  "show both versions to the user, then call resolve_conflict with choice ours, theirs, both or edited",
);
