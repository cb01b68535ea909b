/** Requests that people, clients and agents make of a run besides its phases: more tasks, a pause, a task to do, more files, a decision. */
import type { Choice } from "../model/conflict.ts";
import type { NextStep } from "../model/next-step.ts";
import type { Question } from "../model/question.ts";
import { ok, type Result } from "../model/result.ts";
import type { RunState } from "../model/run.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import { leasedNames } from "../run/leased-attempts.ts";
import { openSession } from "../run/run-session.ts";
import { type Added, addTasks } from "./add-tasks.ts";
import { type Claim, type Claimed, type ClaimRequest, claimBatch, claimTask } from "./claim-task.ts";
import { decideScope, extendScope, type ScopeAsk } from "./extend-scope.ts";
import { afterClaim, afterVerdict, decisionStep, workStep } from "./next-step.ts";
import { handsOutTasks } from "./offers-to-come.ts";
import { pauseRun } from "./pause-run.ts";
import { scopeQuestion } from "./questions.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { type Retried, type RetryRequest, retryTasks } from "./retry-tasks.ts";
import type { RunCore } from "./run-core.ts";
import { type Submission, submitTask, type Verdict } from "./submit-task.ts";

/** An answer with the step that usually follows it. */
type Followed<T> = T & { next?: NextStep | undefined };

/** A request for more files as it was answered; with its question where a person has to answer. */
interface AskedScope extends ScopeRequest {
  run_id: string;
  question?: Question;
}

/** A person's answer to a question of the run. */
export interface Decided {
  /** id of a conflict or of a scope request */
  question_id: string;
  choice: Choice | "grant" | "refuse";
  /** the whole file, for choice `edited` */
  content?: string | undefined;
}

export class RunRequests {
  readonly #core: RunCore;

  constructor(core: RunCore) {
    this.#core = core;
  }

  /** More work for a run that has begun: its owner takes it up at the next decision, or it is planned at once where nobody is at work. */
  async addTasks(runId: string, tasks: unknown[]): Promise<Result<Added>> {
    return addTasks(runId, tasks, this.#core);
  }

  /** Tasks done again on top of what is merged; `execute` goes on with them, and with what waited for them. */
  async retry(runId: string, request: RetryRequest): Promise<Result<Retried>> {
    return retryTasks(runId, request, this.#core);
  }

  /** Lets what runs end and starts nothing more, wherever the run is being worked on; `execute` goes on with it. */
  async pause(runId: string): Promise<Result<RunState>> {
    return pauseRun(runId, this.#core.ports);
  }

  /** End of this process's work on the run. The state stays: a later process goes on. */
  interrupt(runId: string): void {
    this.#core.live.stop(runId, "interrupted");
  }

  /** Claims for the tasks of an execution that clients are to do; waits up to `ms` for their workspaces. One that goes on already is as good as one that has `begun`. */
  async claimOffered(
    runId: string,
    begun: Result<unknown>,
    ms: number,
  ): Promise<Result<Followed<{ claims: Claim[] }>>> {
    const handsOut = handsOutTasks(runId, this.#core.ports);
    if (!begun.ok && !(handsOut && begun.error.code === "run_busy")) return begun;
    const claims = handsOut ? await claimBatch(runId, this.#core, ms) : ok([]);
    return claims.ok ? ok({ claims: claims.value, next: workStep(claims.value) }) : claims;
  }

  /** The next task that is offered to clients; waits up to `ms` while a workspace is being prepared. */
  async claim(request: ClaimRequest, ms: number): Promise<Result<Followed<Claimed>>> {
    const claimed = await claimTask(request, this.#core, ms);
    return claimed.ok ? ok({ ...claimed.value, next: afterClaim(request, claimed.value) }) : claimed;
  }

  /** A claimed task handed in; waits up to `ms` for the verdict. */
  async submit(submission: Submission, ms: number): Promise<Result<Followed<Verdict>>> {
    const judged = await submitTask(submission, this.#core, ms);
    return judged.ok ? ok({ ...judged.value, next: afterVerdict(judged.value) }) : judged;
  }

  /** More files for a task in work: decided by the run's rule, or by a person. */
  async extendScope(ask: ScopeAsk): Promise<Result<Followed<AskedScope>>> {
    const asked = await extendScope(ask, this.#core);
    if (!asked.ok || asked.value.status !== "awaiting_person") return asked;
    const { run_id, request_id } = asked.value;
    return ok({ ...asked.value, question: scopeQuestion(asked.value), next: decisionStep(run_id, request_id) });
  }

  /** A person's word on one question, whatever it is about. */
  async decide(runId: string, { question_id, choice, content }: Decided): Promise<Result<unknown>> {
    if (choice === "grant" || choice === "refuse") {
      return this.decideScope(runId, { request_id: question_id, grant: choice === "grant" });
    }
    return resolveConflict(runId, { conflict_id: question_id, choice, content }, this.#core.ports);
  }

  /** The request as it was decided: files that another task has come to hold meanwhile stay with it. */
  async decideScope(runId: string, answer: { request_id: string; grant: boolean }): Promise<Result<ScopeRequest>> {
    return decideScope({ run_id: runId, ...answer }, this.#core);
  }

  /** Removal of the folders that a run left on disk: `kept` while somebody works on it, `unknown` for no run of this store. */
  async removeLeftovers(runId: string): Promise<"removed" | "kept" | "unknown"> {
    const { ports } = this.#core;
    if (ports.store.run(runId)?.owner !== undefined) return "kept";
    const session = await openSession(runId, ports);
    if (!session.ok) return "unknown";
    if (leasedNames(runId, ports).length > 0) return "kept";
    await session.value.workspaces.reap(runId);
    return "removed";
  }
}
