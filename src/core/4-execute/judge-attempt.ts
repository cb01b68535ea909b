/** Phase 4.3 — the verdict on an attempt: success is exit 0, a change, all of it inside the boundary, and passing checks. Nothing is thrown away. */

import { grownTask } from "../boundary/grown-task.ts";
import { exactPaths, parseScope, scopeContains } from "../boundary/scope.ts";
import { taskBoundary } from "../boundary/task-boundary.ts";
import { type BoundaryVerdict, ignoredInside, verifyBoundary } from "../boundary/verify-boundary.ts";
import { type Attempt, attemptName, type Violation } from "../model/attempt.ts";
import { mayWrite } from "../model/boundary.ts";
import { type Failure, failure } from "../model/failure.ts";
import type { Lease } from "../model/lease.ts";
import { DEFAULT_LIMITS, readLimits } from "../model/limits.ts";
import type { Result } from "../model/result.ts";
import { GRANTED_TRAILER } from "../model/scope-request.ts";
import { steering } from "../model/steering.ts";
import type { Task } from "../model/task.ts";
import { MAX_OUTPUT, plainText } from "../model/task-output.ts";
import type { FileChange, Workspace } from "../ports/workspace.ts";
import type { AttemptContext } from "./attempt-context.ts";
import type { ExecutePorts } from "./execute-ports.ts";
import { keepWork, type Unaccepted, withPatch } from "./keep-work.ts";
import { limitProblem } from "./limit-problem.ts";
import { readOutput } from "./read-output.ts";
import { failedCheck } from "./task-checks.ts";

export type Ending = Pick<
  Attempt,
  "state" | "change" | "granted" | "kept" | "error" | "violations" | "notes" | "usage" | "denied" | "output"
> & {
  /** the closed lease of a client's attempt */
  lease?: Lease;
};

interface Finished {
  context: AttemptContext;
  workspace: Workspace;
  worked: Result<void>;
  /** changes that never reached the workspace, because they name no place in it */
  refused?: Violation[];
  /** the agent's last words, or what it submitted: its output where it wrote none */
  said?: string | undefined;
}

export function rejected(error: Failure): Ending {
  return { state: "rejected", error };
}

/** Accepts what the attempt left on disk, or keeps it under `refs/forkjoin/` and says why it was not accepted. */
export async function judgeAttempt(finished: Finished, ports: ExecutePorts, signal: AbortSignal): Promise<Ending> {
  const output = await handedBack(finished);
  const ending = await verdictOn(finished, output, { ports, signal });
  return output === undefined ? ending : { ...ending, output };
}

/** Output of the attempt: the content of its output file, else its last message. */
async function handedBack({ workspace, said, context }: Finished): Promise<string | undefined> {
  const written = await workspace.output(MAX_OUTPUT * 4);
  const isOwed = (context.task.outputs ?? []).length > 0;
  const text = written !== undefined && written.trim() !== "" ? written : isOwed ? said : undefined;
  return text === undefined ? undefined : plainText(text, MAX_OUTPUT);
}

async function verdictOn(
  finished: Finished,
  output: string | undefined,
  { ports, signal }: { ports: ExecutePorts; signal: AbortSignal },
): Promise<Ending> {
  const { task, base, run } = finished.context;
  const limits = run.settings.limits ?? DEFAULT_LIMITS;
  const changes = await finished.workspace.changes(readLimits(limits));
  if (!changes.ok) return rejected(changes.error);
  const grown = grownTask(task, ports.store.scopeRequests(ports.run_id));
  const found = withoutSteering(verifyBoundary(changes.value, taskBoundary(grown)), task, ports);
  const planted = await finished.workspace.tampering();
  const verdict = { ...found, violations: [...(finished.refused ?? []), ...planted, ...found.violations] };
  const existing = await ports.repository.files(base);
  const much = limitProblem(changes.value, limits);
  const aside = await sideWork(finished);
  const left = ignoredInside(changes.value, taskBoundary(grown));
  const problem =
    much ??
    problemOf(finished, verdict, left) ??
    (await missingOutput(finished.context, new Set([...existing.keys(), ...verdict.accepted]), ports)) ??
    (await outputProblem(finished.context.task, output, ports));
  if (problem !== undefined)
    return noted(await keep(finished, { changes: changes.value, problem, verdict }, ports), aside);
  const ending = await accept(finished, verdict.accepted, { ports, signal });
  return noted(ending, [...aside, ...(left.length === 0 ? [] : [leftOutNote(left)])]);
}

function noted(ending: Ending, notes: string[]): Ending {
  return notes.length === 0 ? ending : { ...ending, notes: [...(ending.notes ?? []), ...notes] };
}

/** What it put aside with git is not judged, and not thrown away. */
function sideWork({ workspace, context: { run, task, number } }: Finished): Promise<string[]> {
  const start = `refs/forkjoin/${run.run_id}/rejected/${attemptName({ task_id: task.id, attempt: number })}`;
  return workspace.keepSideWork(start, run.settings.limits ?? DEFAULT_LIMITS);
}

/** A folder that the run's rule granted holds what is in it, but nothing that steers others: only a person grants that. */
function withoutSteering(verdict: BoundaryVerdict, task: Task, ports: ExecutePorts): BoundaryVerdict {
  const requests = ports.store.scopeRequests(ports.run_id).filter((request) => request.task_id === task.id);
  const meant = requests.filter((request) => request.by_person === true).flatMap((request) => request.granted);
  const byRule = requests.filter((request) => request.by_person !== true).flatMap((request) => request.granted);
  const scopes = [...task.files.filter((file) => !byRule.includes(file)), ...meant].map(parseScope);
  scopes.push(...byRule.map(parseScope).filter(({ kind }) => kind === "file"));
  const stray = requests.length === 0 ? [] : verdict.accepted.filter((path) => steering(path) !== undefined);
  const closed = stray.filter((path) => !scopes.some((scope) => scopeContains(scope, path)));
  if (closed.length === 0) return verdict;
  const violations = closed.map((path) => ({
    path,
    rule: `it is ${steering(path)}: only a person grants it`,
    fix: STEERING_FIX,
  }));
  const accepted = verdict.accepted.filter((path) => !closed.includes(path));
  return { ...verdict, accepted, violations: [...verdict.violations, ...violations] };
}

const STEERING_FIX = "leave this path as it is, or declare it in the task's `files`";

function problemOf(
  { context: { task }, worked }: Finished,
  verdict: BoundaryVerdict,
  left: string[],
): Failure | undefined {
  if (!worked.ok) return worked.error;
  if (verdict.violations.length > 0) return violationFailure(verdict);
  if (verdict.accepted.length > 0 || !mayWrite(task.access) || task.allow_empty) return undefined;
  return left.length === 0 ? NO_CHANGES : onlyIgnored(left);
}

/** Failure of an owed output that is missing or cannot be used; a verdict of `passed: false` closes the gate. */
async function outputProblem(
  task: Task,
  output: string | undefined,
  ports: ExecutePorts,
): Promise<Failure | undefined> {
  const parts = task.outputs ?? [];
  const read = readOutput(output, parts);
  if (!read.ok) return read.error;
  if (parts.includes("passed") && read.value.passed === false) return gateClosed(read.value.notes);
  return parts.includes("tasks") ? ports.judgeTasks?.(task, read.value.tasks ?? []) : undefined;
}

function gateClosed(notes: string | undefined): Failure {
  const why = notes === undefined ? "" : `: ${notes.trim().slice(0, 1_500)}`;
  return failure("gate_closed", `the verdict is passed: false${why}`, "read the notes, and correct what they name");
}

/** A cache among what a task may change is no result, and yet it may have been meant as one. */
function leftOutNote(paths: string[]): string {
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : "";
  return `ignored by git, so not landed: ${paths.slice(0, 5).join(", ")}${more}; to land it, name the exact path in \`files\``;
}

function violationFailure({ violations }: BoundaryVerdict): Failure {
  const shown = violations.slice(0, 5).map(({ path, rule }) => `${path} (${rule})`);
  const more = violations.length > 5 ? ` and ${violations.length - 5} more` : "";
  const message = `changed what it may not: ${shown.join(", ")}${more}`;
  const [cure = "", ...others] = new Set(violations.map(({ fix }) => fix));
  const hint = others.length === 0 ? cure : "widen the task's `files`, or let another task change these paths";
  return { code: "scope_violation", message, hint, paths: violations.map(({ path }) => path) };
}

const NO_CHANGES = failure(
  "no_changes",
  "the agent ended well but changed nothing",
  "if nothing had to be done, set allow_empty: true on the task",
);

function onlyIgnored(paths: string[]): Failure {
  const message = `the agent changed nothing but what is ignored by git: ${paths.slice(0, 5).join(", ")}`;
  const fix = "to land it, name the exact paths in `files`; where it is no result, set allow_empty: true on the task";
  return failure("no_changes", message, fix);
}

/** A task promises its exact paths that are new, but for those that it was granted on the way; where nothing has to be done, or another task removed one, only one that creates does. */
async function missingOutput(
  { task, run }: AttemptContext,
  present: Set<string>,
  ports: ExecutePorts,
): Promise<Failure | undefined> {
  const isPromise = task.category === "creation" || (mayWrite(task.access) && !task.allow_empty);
  const requests = ports.store.scopeRequests(run.run_id).filter(({ task_id }) => task_id === task.id);
  const granted = new Set(requests.flatMap((request) => request.granted));
  const isOwed = (path: string): boolean => !present.has(path) && !granted.has(path);
  const absent = isPromise ? exactPaths(task.files).filter(isOwed) : [];
  if (absent.length === 0) return undefined;
  const before = task.category === "creation" ? new Map() : await ports.repository.files(run.base_commit);
  const missing = absent.filter((path) => !before.has(path));
  if (missing.length === 0) return undefined;
  const hint = "create every file the task declares; where one need not come, declare its folder instead (`src/**`)";
  return failure("missing_output", `did not create ${missing.join(", ")}`, hint);
}

/** The commit is made before the checks run: what they test is what would land. */
async function accept(
  finished: Finished,
  paths: string[],
  { ports, signal }: { ports: ExecutePorts; signal: AbortSignal },
): Promise<Ending> {
  const { context, workspace } = finished;
  const ref = `refs/forkjoin/${context.run.run_id}/attempts/${context.task.id}/${context.number}`;
  const committed = await workspace.commit({
    paths,
    message: commitMessage(context, grantedTo(context.task, ports)),
    ref,
    at: ports.clock.now(),
  });
  if (!committed.ok) return rejected(committed.error);
  const stray = committed.value.files.filter((path) => !paths.includes(path));
  if (stray.length > 0) {
    const message = `git recorded ${stray.join(", ")}, which was not verified`;
    return { ...rejected(failure("git_failed", message, "try again")), kept: { ...committed.value, ref } };
  }
  if (committed.value.files.length === 0 && mayWrite(context.task.access) && !context.task.allow_empty)
    return rejected(NO_CHANGES);
  const { failed, flaky } = await failedCheck(context, workspace, { ports, signal });
  if (failed !== undefined) {
    const kept = await withPatch(unaccepted(finished), { ...committed.value, ref }, ports);
    return { ...rejected(failed), kept };
  }
  const granted = grantedTo(context.task, ports);
  const ending: Ending = { state: "accepted", change: committed.value, ...(granted.length === 0 ? {} : { granted }) };
  return noted(
    ending,
    flaky.map((name) => `check ${name} failed, and passed when it was run once more`),
  );
}

function grantedTo({ id }: Task, ports: ExecutePorts): string[] {
  const requests = ports.store.scopeRequests(ports.run_id).filter((request) => request.task_id === id);
  return [...new Set(requests.flatMap((request) => request.granted))].sort();
}

function commitMessage({ run, task, number }: AttemptContext, granted: string[]): string {
  const trailers = granted.map((path) => `${GRANTED_TRAILER}: ${path}\n`).join("");
  return `${task.id}: attempt ${number}\n\nForkjoin-Run: ${run.run_id}\nForkjoin-Task: ${task.id}\n${trailers}`;
}

/** Ending of a rejected attempt whose changes are kept, in scope or not, as far as git can hold them. */
async function keep(
  finished: Finished,
  found: { changes: FileChange[]; problem: Failure; verdict: BoundaryVerdict },
  ports: ExecutePorts,
): Promise<Ending> {
  const { violations } = found.verdict;
  const ending: Ending = { ...rejected(found.problem), ...(violations.length > 0 ? { violations } : {}) };
  const kept = await keepWork({ ...unaccepted(finished), as: "rejected" }, found.changes, ports);
  return kept === undefined ? ending : { ...ending, kept };
}

function unaccepted({ context, workspace }: Finished): Omit<Unaccepted, "as"> {
  return { run: context.run, attempt: { task_id: context.task.id, attempt: context.number }, workspace };
}
