/** `resolve`: conflicts shown, decided by flags, in an editor, or by questions on a terminal. */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Choice, Conflict } from "../core/model/conflict.ts";
import { failure } from "../core/model/failure.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import type { Orchestrator } from "../core/orchestrator.ts";
import { draftMerge, isDecided } from "../core/requests/conflict-question.ts";
import { decideScope } from "../core/requests/extend-scope.ts";
import { resolveConflict } from "../core/requests/resolve-conflict.ts";
import { openConflicts, openScopeRequests } from "../core/run/open-questions.ts";
import { unknownRun } from "../core/run/run-session.ts";
import { editText } from "./edit-text.ts";
import { CommandFailed, EXIT, note, plain, print, printFailure, printJson } from "./output.ts";
import { renderConflict, renderScopeRequest } from "./render.ts";
import { chosenRun, expect, withCore } from "./session.ts";

export interface ResolveOptions {
  choose?: Choice | "grant" | "refuse";
  file?: string;
  edit?: boolean;
  json?: boolean;
}

export async function resolveCommand(
  runId: string | undefined,
  conflictId: string | undefined,
  options: ResolveOptions,
): Promise<number> {
  return withCore({}, async ({ orchestrator }) => {
    const id = chosenRun(orchestrator, runId);
    if (orchestrator.ports.store.run(id) === undefined) throw new CommandFailed(unknownRun(id, orchestrator.ports));
    const named = conflictId !== undefined && (options.choose !== undefined || options.edit === true);
    if (named) await decideOne(orchestrator, { id, conflictId }, options);
    else if (options.json !== true && process.stdin.isTTY && process.stderr.isTTY) await askAll(orchestrator, id);
    else return showAll(orchestrator, id, options.json === true);
    const conflicts = openConflicts(id, orchestrator.ports).map((conflict) => conflict.conflict_id);
    const left = [...conflicts, ...openScopeRequests(id, orchestrator.ports).map((request) => request.request_id)];
    if (options.json) printJson({ run_id: id, remaining: left });
    else print(left.length === 0 ? `all decided: forkjoin resume ${id}` : plain(`left: ${left.join(", ")}`));
    return left.length === 0 ? EXIT.success : EXIT.review;
  });
}

function showAll({ ports }: Orchestrator, run_id: string, json: boolean): number {
  const conflicts = openConflicts(run_id, ports);
  const scope_requests = openScopeRequests(run_id, ports);
  const open = [...conflicts.map(renderConflict), ...scope_requests.map(renderScopeRequest)];
  if (json) printJson({ run_id, conflicts, scope_requests });
  else print(open.length === 0 ? "nothing is to be decided" : open.join("\n\n"));
  return open.length === 0 ? EXIT.success : EXIT.review;
}

async function decideOne(
  orchestrator: Orchestrator,
  { id, conflictId }: { id: string; conflictId: string },
  { choose, file, edit }: ResolveOptions,
): Promise<void> {
  const { ports } = orchestrator;
  if (choose === "grant" || choose === "refuse") {
    expect(await decideScope({ run_id: id, request_id: conflictId, grant: choose === "grant" }, orchestrator));
    return;
  }
  const conflict = openConflicts(id, ports).find((one) => one.conflict_id === conflictId);
  if (edit === true && conflict !== undefined) {
    const content = expect(await edited(conflict));
    expect(await resolveConflict(id, { conflict_id: conflictId, choice: "edited", content }, ports));
    return;
  }
  const content = file === undefined ? undefined : await readFile(file, "utf8");
  expect(await resolveConflict(id, { conflict_id: conflictId, choice: choose ?? "edited", content }, ports));
}

/** What the user makes of the proposal; a text that still has markers decides nothing. */
async function edited(conflict: Conflict): Promise<Result<string>> {
  const draft = draftMerge(conflict);
  if (draft === undefined) return err(failure("invalid_input", `${conflict.path} is no text`, "choose ours or theirs"));
  const text = await editText(conflict.path, draft);
  if (!text.ok || isDecided(text.value)) return text;
  const message = `${conflict.path} still has conflict markers`;
  return err(failure("invalid_input", message, "nothing was decided: take out the markers, or choose a version"));
}

const KEYS: Record<string, Choice | "skip" | "quit"> = {
  ...{ o: "ours", t: "theirs", b: "both", e: "edited", s: "skip", q: "quit" },
};

async function askAll(orchestrator: Orchestrator, id: string): Promise<void> {
  for (const conflict of openConflicts(id, orchestrator.ports)) {
    note(`\n${renderConflict(conflict)}\n`);
    const answer = await ask();
    if (answer === "quit") return;
    if (answer === "skip") continue;
    const decided = await answered(orchestrator, { id, conflict, choice: answer });
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
  { ports }: Orchestrator,
  { id, conflict, choice }: { id: string; conflict: Conflict; choice: Choice },
): Promise<Result<unknown>> {
  const content = choice === "edited" ? await edited(conflict) : ok(undefined);
  if (!content.ok) return content;
  const { conflict_id } = conflict;
  return resolveConflict(id, { conflict_id, choice, content: content.value }, ports);
}
