/** A task that needs more than it declared asks for it: granted where nobody else holds the file, by the rule the operator set; always on record. */
import { attemptName } from "../model/attempt.ts";
import { type Failure, failure } from "../model/failure.ts";
import { scopeEntry } from "../model/path-forms.ts";
import { err, ok, type Result } from "../model/result.ts";
import { scopePatternProblem } from "../model/scope-pattern.ts";
import type { ScopeRefusal, ScopeRequest } from "../model/scope-request.ts";
import { openScopeRequests } from "../run/open-questions.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { renewLease } from "./lease-access.ts";
import { type RunCore, resumeInterrupted } from "./run-core.ts";
import { leaveScopeRequest, requestScope, sortFiles } from "./scope-requests.ts";
import { taskOf } from "./task-views.ts";

export interface ScopeAsk {
  run_id?: string | undefined;
  /** of the task's client */
  lease?: string | undefined;
  task_id?: string | undefined;
  files: string[];
  reason: string;
}

export async function extendScope(given: ScopeAsk, core: RunCore): Promise<Result<ScopeRequest & { run_id: string }>> {
  const named = nameTask(given, core);
  if (!named.ok) return named;
  const ask = { ...given, files: await placedFiles(given.files, named.value, core) };
  const bad = fileProblem(ask.files);
  if (bad !== undefined) return err(bad);
  const { run_id, task_id } = named.value;
  const found = taskOf(run_id, task_id, core.ports);
  if (!found.ok) return found;
  const going = await resumeInterrupted(run_id, core);
  if (!going.ok) return going;
  const { files, reason } = ask;
  const decided = await leaveScopeRequest(
    run_id,
    (context) => {
      const earlier = earlierRequest(context, task_id, files);
      if (earlier !== undefined) return { request: earlier, isNew: false };
      return { request: requestScope(context, { task_id, files, reason }), isNew: true };
    },
    core,
  );
  return decided.ok ? ok({ run_id, ...decided.value }) : decided;
}

function nameTask(ask: ScopeAsk, { ports }: RunCore): Result<{ run_id: string; task_id: string }> {
  if (ask.lease !== undefined) return renewLease(ask.lease, ports);
  const { run_id, task_id } = ask;
  if (run_id !== undefined && task_id !== undefined) return ok({ run_id, task_id });
  return err(failure("invalid_input", "lease is missing", "give the task's lease, or run_id and task_id"));
}

/** Entries from the repository's root, also where they were written from the root of the disk. */
async function placedFiles(
  files: string[],
  { run_id, task_id }: { run_id: string; task_id: string },
  { ports }: Pick<RunCore, "ports">,
): Promise<string[]> {
  const repository = ports.store.run(run_id)?.repository ?? "";
  const opened = await ports.openRepository(repository);
  const attempts = ports.store.attempts(run_id).filter((attempt) => attempt.task_id === task_id);
  const places = opened.ok ? attempts.map((one) => opened.value.workspaces.directoryOf(run_id, attemptName(one))) : [];
  return files.map((file) => scopeEntry(file, [...places, repository]));
}

function fileProblem(files: string[]): Failure | undefined {
  for (const [index, file] of files.entries()) {
    const problem = scopePatternProblem(file);
    if (problem === undefined) continue;
    const message = `files[${index}]: ${JSON.stringify(file)} ${problem}`;
    return failure("invalid_input", message, 'write exact paths from the repository\'s root, or "dir/**"');
  }
  return undefined;
}

/** The same question while it is open, or after it was granted, has the same answer; a refusal may be asked again. */
function earlierRequest({ ports, session }: PlannedRun, taskId: string, files: string[]): ScopeRequest | undefined {
  const wanted = [...files].sort().join("\n");
  return ports.store
    .scopeRequests(session.run.run_id)
    .filter((request) => request.task_id === taskId && request.status !== "refused")
    .find((request) => [...request.files].sort().join("\n") === wanted);
}

/** A person's word on an open request; files that another task has come to hold meanwhile stay with it. */
export async function decideScope(
  answer: { run_id: string; request_id: string; grant: boolean },
  core: Pick<RunCore, "ports" | "live" | "context">,
): Promise<Result<ScopeRequest>> {
  const { ports } = core;
  const open = openScopeRequests(answer.run_id, ports);
  const request = open.find((candidate) => candidate.request_id === answer.request_id);
  if (request === undefined) {
    const ids = open.map((candidate) => candidate.request_id).join(", ") || "none";
    const message = `request ${JSON.stringify(answer.request_id)} is not open`;
    return err(failure("unknown_request", message, `open requests: ${ids}`));
  }
  return leaveScopeRequest(
    answer.run_id,
    (context) => {
      const now = ports.store.scopeRequests(answer.run_id).find((one) => one.request_id === request.request_id);
      const isOpen = now?.status === "awaiting_person";
      return isOpen
        ? { request: decidedBy(request, answer.grant, context), isNew: true }
        : { request: now ?? request, isNew: false };
    },
    core,
  );
}

function decidedBy(request: ScopeRequest, grant: boolean, context: PlannedRun): ScopeRequest {
  const decided_at = context.ports.clock.now();
  const task = context.list.tasks.find((candidate) => candidate.id === request.task_id);
  if (!grant || task === undefined) {
    const refused = request.files.map((path): ScopeRefusal => ({ path, why: "a person refused it" }));
    return { ...request, status: "refused", granted: [], refused, decided_at };
  }
  const { free, held } = sortFiles(request.files, task, context);
  const status = free.length > 0 ? "granted" : "refused";
  return { ...request, status, granted: free, refused: held, decided_at, by_person: true };
}
