/** `show` and `diff`: what was tried of a task and what came of it, and changes in the user's own pager. */
import { showDiff } from "../compose.ts";
import { type Attempt, attemptName } from "../core/model/attempt.ts";
import { formatDuration } from "../core/model/duration.ts";
import { failure } from "../core/model/failure.ts";
import type { RunView } from "../core/orchestrator.ts";
import { chosenRun, type RunChoice } from "./chosen-run.ts";
import { CommandFailed, columns, EXIT, plain, print, printJson } from "./output.ts";
import { expect, viewOf, withCore } from "./session.ts";

export async function showCommand(runId: string, taskId: string, options: { json?: boolean }): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const view = viewOf(orchestrator, runId);
    const { task, attempts } = expect(view.task(taskId));
    const results = expect(await view.results());
    const result = results.batches.flatMap(({ tasks }) => tasks).find(({ task_id }) => task_id === taskId);
    if (options.json) printJson({ run_id: runId, task, result, attempts });
    else print(plain([...headOf(view, taskId, result?.status), ...attempts.flatMap(attemptLines)].join("\n")));
    return EXIT.success;
  });
}

function headOf(view: RunView, taskId: string, status: string | undefined): string[] {
  const { task } = expect(view.task(taskId));
  const waits = view.graph?.tasks[taskId] ?? [];
  const rows = [
    ["task", `${task.id}: ${status ?? "not planned"}`],
    ["scope", task.files.join(", ")],
    ...(waits.length === 0 ? [] : [["after", waits.join(", ")]]),
    ...(task.agent === undefined ? [] : [["agent", task.agent]]),
  ];
  return [
    columns(rows),
    "",
    ...task.description
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

function attemptLines(attempt: Attempt): string[] {
  const { state, started_at, finished_at, change, kept, error, granted = [], violations = [], superseded } = attempt;
  const time = finished_at === undefined ? "" : ` after ${formatDuration(finished_at - started_at)}`;
  const made = change ?? kept;
  const rows = [
    ...(made === undefined ? [] : [["changed", `${made.files.join(", ")} (+${made.insertions} -${made.deletions})`]]),
    ...(granted.length === 0 ? [] : [["granted", granted.join(", ")]]),
    ...violations.map(({ path, rule }) => ["outside", `${path}: ${rule}`]),
    ...(attempt.refused_writes ?? []).map((line) => ["refused", line]),
    ...(attempt.denied ?? []).map((line) => ["denied", line]),
    ...(attempt.notes ?? []).map((line) => ["note", line]),
    ...(kept?.ref === undefined ? [] : [["kept", kept.ref]]),
    ...(kept?.patch === undefined ? [] : [["patch", kept.patch]]),
    ["log", attempt.log_file],
  ];
  const why = error === undefined ? [] : [...error.message.split("\n"), error.hint].map((line) => `  ${line}`);
  const again = superseded === true ? ", done again since" : "";
  const indented = columns(rows)
    .split("\n")
    .map((line) => `  ${line}`);
  return ["", `${attemptName(attempt)}: ${state}${time}${again}`, ...why, ...indented];
}

export async function diffCommand(
  runId: string | undefined,
  taskId: string | undefined,
  options: RunChoice & { json?: boolean },
): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const view = await chosenRun(orchestrator, { run: runId, repo: options.repo, reads: true });
    const range = expect(view.change(taskId), EXIT.incomplete);
    if (options.json) {
      printJson({ run_id: view.run_id, task_id: taskId ?? null, ...range });
      return EXIT.success;
    }
    const code = await showDiff({ repository: view.run.repository, ...range });
    if (code === 0) return EXIT.success;
    throw new CommandFailed(
      failure("git_failed", `git diff ended with ${code}`, "see what it said above"),
      EXIT.incomplete,
    );
  });
}
