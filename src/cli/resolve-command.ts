/** `resolve`: conflicts shown, decided by flags, in an editor, or by questions on a terminal. */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { type Choice, type Conflict, hasMarkers } from "../core/model/conflict.ts";
import { failure } from "../core/model/failure.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { chosenRun } from "./chosen-run.ts";
import { editText } from "./edit-text.ts";
import { EXIT, note, plain, print, printFailure, printJson } from "./output.ts";
import { renderConflict, renderScopeRequest } from "./render.ts";
import { expect, viewOf, withCore } from "./session.ts";
import { stepCommand } from "./step-command.ts";

export interface ResolveOptions {
  choose?: Choice | "grant" | "refuse";
  file?: string;
  edit?: boolean;
  repo?: string;
  json?: boolean;
}

export async function resolveCommand(
  first: string | undefined,
  second: string | undefined,
  options: ResolveOptions,
): Promise<number> {
  // Ids of conflicts and requests have a colon, ids of runs do not: the last run here needs no name.
  const [run, conflictId] = second === undefined && first?.includes(":") ? [undefined, first] : [first, second];
  return withCore({}, async ({ orchestrator }) => {
    const view = await chosenRun(orchestrator, { run, repo: options.repo });
    const id = view.run_id;
    const named = conflictId !== undefined && (options.choose !== undefined || options.edit === true);
    if (named) await decideOne(orchestrator, { view, question_id: conflictId }, options);
    else if (options.json !== true && process.stdin.isTTY && process.stderr.isTTY) await askAll(orchestrator, view);
    else return showAll(view, options.json === true);
    const { undecided, next } = viewOf(orchestrator, id);
    if (options.json) printJson({ run_id: id, remaining: undecided });
    else if (undecided.length > 0) print(plain(`left: ${undecided.join(", ")}`));
    else print(["all decided", ...stepCommand(id, next)].join(": "));
    return undecided.length === 0 ? EXIT.success : EXIT.review;
  });
}

function showAll({ run_id, conflicts, scopeRequests: scope_requests }: RunView, json: boolean): number {
  const open = [...conflicts.map(renderConflict), ...scope_requests.map(renderScopeRequest)];
  if (json) printJson({ run_id, conflicts, scope_requests });
  else print(open.length === 0 ? "nothing is to be decided" : open.join("\n\n"));
  return open.length === 0 ? EXIT.success : EXIT.review;
}

async function decideOne(
  { requests }: Operations,
  { view, question_id }: { view: RunView; question_id: string },
  { choose, file, edit }: ResolveOptions,
): Promise<void> {
  const conflict = view.conflicts.find((one) => one.conflict_id === question_id);
  if (edit === true && conflict !== undefined) {
    const content = expect(await edited(view, conflict));
    expect(await requests.decide(view.run_id, { question_id, choice: "edited", content }));
    return;
  }
  const content = file === undefined ? undefined : await readFile(file, "utf8");
  expect(await requests.decide(view.run_id, { question_id, choice: choose ?? "edited", content }));
}

/** Text that the user makes of the proposal; one that still has markers decides nothing. */
async function edited(view: RunView, { conflict_id, path }: Conflict): Promise<Result<string>> {
  const draft = view.questions.find((question) => question.question_id === conflict_id)?.proposal;
  if (draft === undefined) return err(failure("invalid_input", `${path} is no text`, "choose ours or theirs"));
  const text = await editText(path, draft);
  if (!text.ok || !hasMarkers(text.value)) return text;
  const message = `${path} still has conflict markers`;
  return err(failure("invalid_input", message, "nothing was decided: take out the markers, or choose a version"));
}

const KEYS: Record<string, Choice | "skip" | "quit"> = {
  o: "ours",
  t: "theirs",
  b: "both",
  e: "edited",
  s: "skip",
  q: "quit",
};

async function askAll(orchestrator: Operations, view: RunView): Promise<void> {
  for (const conflict of view.conflicts) {
    note(`\n${renderConflict(conflict)}\n`);
    const answer = await ask();
    if (answer === "quit") return;
    if (answer === "skip") continue;
    const decided = await answered(orchestrator, { view, conflict, choice: answer });
    if (!decided.ok) printFailure(decided.error);
  }
}

async function ask(): Promise<Choice | "skip" | "quit"> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const said = await terminal.question("[o]urs, [t]heirs, [b]oth, [e]dit the proposal, [s]kip, [q]uit? ");
      const word = said.trim().toLowerCase();
      const key = KEYS[word.slice(0, 1)];
      if (key !== undefined) return key;
    }
  } finally {
    terminal.close();
  }
}

async function answered(
  { requests }: Operations,
  { view, conflict, choice }: { view: RunView; conflict: Conflict; choice: Choice },
): Promise<Result<unknown>> {
  const content = choice === "edited" ? await edited(view, conflict) : ok(undefined);
  if (!content.ok) return content;
  return requests.decide(view.run_id, { question_id: conflict.conflict_id, choice, content: content.value });
}
