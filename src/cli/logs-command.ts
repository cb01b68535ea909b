/** `logs`: what agents printed, of one task or of all, and with `-f` what they print from now on. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, attemptName } from "../core/model/attempt.ts";
import { failure } from "../core/model/failure.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { chosenRun, type RunChoice } from "./chosen-run.ts";
import { CommandFailed, EXIT, plain, print, printJson } from "./output.ts";
import { expect, viewOf, withCore } from "./session.ts";

export interface LogsOptions extends RunChoice {
  follow?: boolean;
  attempt?: number;
  json?: boolean;
}

const LOOK_MS = 250;
/** Lines of each task's log where no task is named. */
const SHOWN = 20;

export async function logsCommand(
  runId: string | undefined,
  taskId: string | undefined,
  options: LogsOptions,
): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const view = await chosenRun(orchestrator, { run: runId, repo: options.repo, reads: true });
    const attempts = attemptsOf(view, taskId);
    if (options.follow) await follow(orchestrator, view, taskId);
    else if (options.json) printJson({ run_id: view.run_id, logs: attempts.map(asEntry) });
    else if (taskId === undefined) for (const attempt of lastOfEach(attempts)) await showEnd(attempt);
    else await showWhole(attempts, taskId, options.attempt);
    return EXIT.success;
  });
}

/** Of the task, or of all; a task that the run does not have ends the command. */
function attemptsOf(view: RunView, taskId: string | undefined): Attempt[] {
  return taskId === undefined ? view.attempts : expect(view.task(taskId)).attempts;
}

function asEntry(attempt: Attempt): Record<string, unknown> {
  const { task_id, attempt: number, state, log_file: log } = attempt;
  return { task_id, attempt: number, state, log, exists: existsSync(log) };
}

function lastOfEach(attempts: Attempt[]): Attempt[] {
  return [...new Map(attempts.map((attempt) => [attempt.task_id, attempt])).values()];
}

async function textOf({ log_file }: Attempt): Promise<string> {
  return existsSync(log_file) ? plain(await readFile(log_file, "utf8")).trimEnd() : "";
}

async function showEnd(attempt: Attempt): Promise<void> {
  const lines = (await textOf(attempt)).split("\n");
  const cut = lines.length > SHOWN ? [`… ${lines.length - SHOWN} lines before`] : [];
  print(
    [`── ${attemptName(attempt)}: ${attempt.state}, ${attempt.log_file}`, ...cut, ...lines.slice(-SHOWN)].join("\n"),
  );
}

async function showWhole(attempts: Attempt[], taskId: string, number: number | undefined): Promise<void> {
  const chosen = number === undefined ? attempts.at(-1) : attempts.find(({ attempt }) => attempt === number);
  if (chosen !== undefined) return print(await textOf(chosen));
  const known = attempts.map(({ attempt }) => attempt).join(", ");
  const message =
    number === undefined ? `task ${taskId} has not been tried yet` : `task ${taskId} has no attempt ${number}`;
  throw new CommandFailed(
    failure("wrong_phase", message, known === "" ? "its log begins with its first attempt" : `its attempts: ${known}`),
  );
}

/** Prints what running attempts add to their logs, each line with its task where there are several, until nobody works on the run. */
async function follow(orchestrator: Operations, { run_id }: RunView, taskId: string | undefined): Promise<void> {
  const seen = new Map<string, number>();
  for (;;) {
    const view = viewOf(orchestrator, run_id);
    const { isWorking } = view;
    for (const attempt of attemptsOf(view, taskId)) {
      if (!seen.has(attempt.log_file) && attempt.state !== "running") continue;
      const from = seen.get(attempt.log_file) ?? 0;
      seen.set(
        attempt.log_file,
        await showAdded(attempt, {
          from,
          named: taskId === undefined,
          whole: !isWorking || attempt.state !== "running",
        }),
      );
    }
    if (!isWorking) return;
    await sleep(LOOK_MS);
  }
}

/** Whole lines only, unless nothing more comes. Returns how far it came. */
async function showAdded(
  attempt: Attempt,
  { from, named, whole }: { from: number; named: boolean; whole: boolean },
): Promise<number> {
  const size = statSync(attempt.log_file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= from) return from;
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(attempt.log_file, { start: from, end: size - 1 }))
    chunks.push(Buffer.from(chunk));
  const added = Buffer.concat(chunks);
  const end = whole ? added.length : added.lastIndexOf(10) + 1;
  if (end === 0) return from;
  const lines = plain(added.toString("utf8", 0, end))
    .replace(/\n$/, "")
    .split("\n");
  print(lines.map((line) => (named ? `[${attemptName(attempt)}] ${line}` : line)).join("\n"));
  return from + end;
}
