/** Phase 4.3 for the chat client: its word that it is done closes the lease, and the verdict is found as for every other attempt. */
import { attemptsLeft } from "../4-execute/retry-rule.ts";
import { attemptName, type Violation } from "../model/attempt.ts";
import { type Failure, failure, type Problem } from "../model/failure.ts";
import { type Closing, type Lease, Outcome } from "../model/lease.ts";
import { repositoryPath } from "../model/path-forms.ts";
import { err, ok, type Result } from "../model/result.ts";
import { pathProblem } from "../model/scope-pattern.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { FileEdit } from "../ports/workspace.ts";
import { findLease, isOver, leaseOver, renewLease } from "./lease-access.ts";
import { type RunCore, resumeInterrupted } from "./run-core.ts";

export interface Submission {
  lease: string;
  outcome: "done" | "failed" | "abandoned";
  summary?: string | undefined;
  /** what a client without file tools changed */
  changes?: FileEdit[] | undefined;
}

export interface Verdict {
  run_id: string;
  task_id: string;
  /** `rejected`: it may be tried again; `failed`: that was the last attempt */
  status: "checking" | "accepted" | "rejected" | "failed";
  attempt: number;
  attempts_left: number;
  violations: Violation[];
  problem?: Failure;
}

const POLL_MS = 500;

/** Closes the lease and waits up to `ms` for the verdict. The same submission again gives the same answer. */
export async function submitTask(submission: Submission, core: RunCore, ms: number): Promise<Result<Verdict>> {
  const { ports } = core;
  const found = findLease(submission.lease, ports);
  if (!found.ok) return found;
  const { run_id } = found.value;
  const placed = await placedChanges(submission.changes ?? [], found.value, ports);
  if (!placed.ok) return placed;
  const submitted = hasSpoken(found.value) ? found : await close({ ...submission, changes: placed.value }, ports);
  const going = await resumeInterrupted(run_id, core);
  if (!submitted.ok) return submitted;
  if (!going.ok) return going;
  const end = AbortSignal.timeout(Math.max(1, ms));
  let verdict = verdictOf(submitted.value, ports);
  while (verdict.status === "checking" && !end.aborted) {
    await ports.notifier.wait(run_id, POLL_MS, end);
    verdict = verdictOf(submitted.value, ports);
  }
  return ok(verdict);
}

/** Whether the client closed the lease, rather than its silence or the run. */
function hasSpoken({ closing }: Lease): boolean {
  return closing !== undefined && Outcome.safeParse(closing.outcome).success;
}

async function close(
  submission: Submission,
  ports: Pick<OrchestratorPorts, "store" | "tokens" | "clock" | "observe" | "notifier" | "openRepository">,
): Promise<Result<Lease>> {
  const renewed = renewLease(submission.lease, ports);
  if (!renewed.ok) return renewed;
  const refused = await carryOver(submission.changes ?? [], renewed.value, ports);
  if (!refused.ok) return refused;
  const { outcome, summary } = submission;
  const closing: Closing = { outcome, refused: refused.value, ...(summary === undefined ? {} : { summary }) };
  for (;;) {
    const now = findLease(submission.lease, ports);
    if (!now.ok) return now;
    if (isOver(now.value, ports)) return err(leaseOver(now.value));
    const lease: Lease = { ...now.value, state: "closed", version: now.value.version + 1, closing };
    const { run_id, task_id, attempt } = lease;
    const event = { type: "task_submitted", task_id, attempt, outcome } as const;
    const left = ports.store.leave(run_id, { type: "lease", lease, events: [event] });
    if (!left.ok && left.error.code === "lease_changed") continue;
    if (!left.ok) return left;
    ports.observe(run_id, event);
    ports.notifier.notify(run_id);
    return ok(lease);
  }
}

/** The changes with paths from the repository's root; one that can name no file there is refused before anything is touched. */
async function placedChanges(
  changes: FileEdit[],
  lease: Lease,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<FileEdit[]>> {
  if (changes.length === 0) return ok([]);
  const repository = ports.store.run(lease.run_id)?.repository ?? "";
  const opened = await ports.openRepository(repository);
  if (!opened.ok) return opened;
  const roots = [opened.value.workspaces.directoryOf(lease.run_id, attemptName(lease)), repository];
  const placed = changes.map((change) => ({ ...change, path: repositoryPath(change.path, roots) }));
  const problems = placed.flatMap((change, index) => changeProblems(change, `changes[${index}]`));
  if (problems.length === 0) return ok(placed);
  const message = problems.map((problem) => problem.message).join("; ");
  const hint = "correct these and submit again: the lease is as it was, and no attempt was used";
  return err({ ...failure("invalid_input", message, hint), problems });
}

function changeProblems({ path, content, delete: removed }: FileEdit, field: string): Problem[] {
  const problem = pathProblem(path);
  const code = "invalid_field";
  if (problem !== undefined) {
    const message = `${field}.path: ${JSON.stringify(path)} ${problem}`;
    return [{ field: `${field}.path`, code, message, fix: "write it relative to the repository's root" }];
  }
  if (content !== undefined || removed === true) return [];
  const message = `${field} (${path}) has neither content nor delete: true`;
  return [{ field, code, message, fix: "give the whole new content, or delete: true" }];
}

/** The changes are on disk before the lease is closed: cut off in between, the same call makes the same changes again. */
async function carryOver(
  changes: FileEdit[],
  lease: Lease,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<Violation[]>> {
  if (changes.length === 0) return ok([]);
  const opened = await ports.openRepository(ports.store.run(lease.run_id)?.repository ?? "");
  if (!opened.ok) return opened;
  return ok(await opened.value.workspaces.edit({ run_id: lease.run_id, name: attemptName(lease) }, changes));
}

function verdictOf({ run_id, task_id, attempt: number }: Lease, { store }: Pick<OrchestratorPorts, "store">): Verdict {
  const attempts = store.attempts(run_id).filter((attempt) => attempt.task_id === task_id);
  const until = attempts.filter((attempt) => attempt.attempt <= number);
  const attempt = until.at(-1);
  const attempts_left = attemptsLeft(until);
  const lost = attempts_left === 0 ? "failed" : "rejected";
  const status = attempt?.state === "accepted" ? "accepted" : attempt?.state === "running" ? "checking" : lost;
  return {
    run_id,
    task_id,
    status,
    attempt: number,
    attempts_left,
    violations: attempt?.violations ?? [],
    ...(attempt?.error === undefined ? {} : { problem: attempt.error }),
  };
}
