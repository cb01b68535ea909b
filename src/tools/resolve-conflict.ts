/** A person's decision as a tool. */
import { z } from "zod";
import { Choice, type Conflict } from "../core/model/conflict.ts";
import { failure } from "../core/model/failure.ts";
import { err, ok } from "../core/model/result.ts";
import { conflictQuestion } from "../core/requests/conflict-question.ts";
import { decideScope } from "../core/requests/extend-scope.ts";
import { resolveConflict as resolve } from "../core/requests/resolve-conflict.ts";
import { openConflicts, openScopeRequests } from "../core/run/open-questions.ts";
import { defineTool, RUN_ID, type ToolContext } from "./define-tool.ts";

export const resolveConflict = defineTool({
  name: "resolve_conflict",
  title: "Resolve conflict",
  description:
    "Record the user's decision on one conflict. Ask the user first, with both versions. Then aggregate again.",
  input: z.object({
    run_id: RUN_ID,
    conflict_id: z.string(),
    choice: z
      .enum([...Choice.options, "grant", "refuse"])
      .optional()
      .describe("ours: merged before; theirs: the waiting task's; grant, refuse: a scope request; none: ask the user"),
    content: z.string().max(5_000_000).optional().describe("the whole file, for choice edited"),
  }),
  output: z.object({ remaining: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id, conflict_id, content, ...given }, { orchestrator, choose }) {
    const open = openConflicts(run_id, orchestrator.ports).find((conflict) => conflict.conflict_id === conflict_id);
    const choice = given.choice ?? (open === undefined ? "ours" : await askUser(open, choose));
    if (choice === undefined) return err(NOT_ASKED);
    const decided =
      choice === "grant" || choice === "refuse"
        ? await decideScope({ run_id, request_id: conflict_id, grant: choice === "grant" }, orchestrator)
        : await resolve(run_id, { conflict_id, choice, content }, orchestrator.ports);
    if (!decided.ok) return decided;
    const conflicts = openConflicts(run_id, orchestrator.ports).map((conflict) => conflict.conflict_id);
    const requests = openScopeRequests(run_id, orchestrator.ports).map((request) => request.request_id);
    const remaining = [...conflicts, ...requests];
    const summary = remaining.length === 0 ? "everything is decided" : `${remaining.length} decisions are left`;
    const [first] = remaining;
    const all = { run_id, batch_id: "all" };
    const next =
      first === undefined
        ? { tool: "execute_batch", arguments: all, why: "tasks that waited can run; then aggregate_results" }
        : { tool: "resolve_conflict", arguments: { run_id, conflict_id: first }, why: "decide the next one" };
    return ok({ summary, run_id, next, remaining });
  },
});

/** Only what needs no text to be written: an edited version comes as `content`. */
const ASKED = ["ours", "theirs", "both"] as const;

async function askUser(conflict: Conflict, choose: ToolContext["choose"]): Promise<Choice | undefined> {
  const said = await choose(conflictQuestion(conflict), ASKED);
  return ASKED.find((choice) => choice === said);
}

const NOT_ASKED = failure(
  "invalid_input",
  "choice is missing, and the client gave no answer of the user's",
  "show both versions to the user, then call resolve_conflict with choice ours, theirs, both or edited",
);
