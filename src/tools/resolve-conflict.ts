/** A person's decision as a tool. */
import { z } from "zod";
import { Choice } from "../core/model/conflict.ts";
import { type Failure, failure } from "../core/model/failure.ts";
import type { Question } from "../core/model/question.ts";
import { err, ok } from "../core/model/result.ts";
import { defineTool, RUN_ID, type ToolContext } from "./define-tool.ts";

const Answer = z.enum([...Choice.options, "grant", "refuse"]);

export const resolveConflict = defineTool({
  name: "resolve_conflict",
  title: "Resolve conflict",
  description:
    "Record the user's decision on one conflict. Ask the user first, with both versions. Then aggregate again.",
  input: z.object({
    run_id: RUN_ID,
    conflict_id: z.string(),
    choice: Answer.optional().describe(
      "ours: merged before; theirs: the waiting task's; grant, refuse: a scope request; none: ask the user",
    ),
    content: z.string().max(5_000_000).optional().describe("the whole file, for choice edited"),
  }),
  output: z.object({ remaining: z.array(z.string()) }),
  readOnly: false,
  async run({ run_id, conflict_id, content, ...given }, { orchestrator, choose }) {
    const before = orchestrator.view(run_id);
    if (!before.ok) return before;
    const question = before.value.questions.find((open) => open.question_id === conflict_id);
    const choice = given.choice ?? (question === undefined ? "ours" : await askUser(question, choose));
    if (choice === undefined) return err(notAsked(question));
    const decided = await orchestrator.requests.decide(run_id, { question_id: conflict_id, choice, content });
    if (!decided.ok) return decided;
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { undecided: remaining, nextDecision: next } = view.value;
    const summary = remaining.length === 0 ? "everything is decided" : `${remaining.length} decisions are left`;
    return ok({ summary, run_id, next, remaining });
  },
});

async function askUser(question: Question, choose: ToolContext["choose"]): Promise<z.infer<typeof Answer> | undefined> {
  return Answer.optional().parse(await choose(question.text, question.choices));
}

function notAsked(question: Question | undefined): Failure {
  const message = "choice is missing, and the client gave no answer of the user's";
  const cure =
    question?.kind === "scope"
      ? "put the request to the user, then call resolve_conflict with choice grant or refuse"
      : "show both versions to the user, then call resolve_conflict with choice ours, theirs, both or edited";
  return failure("invalid_input", message, cure);
}
