/** The step that usually follows, decided once for tools and command line: by where the run stands, or by what a client has in hand. */
import type { NextStep } from "../model/next-step.ts";
import type { Run, RunState } from "../model/run.ts";
import type { Claim, Claimed } from "./claim-task.ts";
import type { Verdict } from "./submit-task.ts";

/** A run as far as its next step depends on it. Properties may be getters: one that does not matter is not read. */
export interface Standing {
  readonly run: Pick<Run, "run_id" | "request" | "phase" | "all_batches">;
  readonly state: RunState;
  /** a process works on the run, or is just leaving it */
  readonly isWorking: boolean;
  readonly attempts: readonly unknown[];
  /** ids of the questions that a person has not answered */
  readonly undecided: readonly string[];
  /** tasks or scopes were added that are in no plan yet */
  readonly hasAmendments: boolean;
  /** a task's workspace is ready, and no client has taken it */
  readonly hasOffers: boolean;
  /** tasks of the chat client that are left out as culprits and have an attempt left */
  readonly extraAttempts: readonly string[];
}

/** The step that follows for a run as it stands; undefined when it has ended. */
export function nextStep(standing: Standing): NextStep | undefined {
  const { run_id } = standing.run;
  switch (standing.state) {
    case "executing":
      if (standing.hasOffers) return step("claim_task", { run_id }, "a task is offered to you: nobody else does it");
      return step("get_run", { run_id, include: ["results"] }, "waits for progress; repeat until idle");
    case "aggregating":
      return reportStep(run_id);
    case "awaiting_review":
      return afterDecision(standing);
    case "open":
    case "paused":
    case "interrupted":
      return afterPhase(standing);
    case "complete":
    case "failed":
    case "cancelled":
      return standing.isWorking ? reportStep(run_id) : extraStep(standing);
  }
}

/** A culprit's further attempt, where the client is to make it: an agent's is made by the merge train itself. */
function extraStep({ run, state, extraAttempts }: Standing): NextStep | undefined {
  if (state === "cancelled" || extraAttempts.length === 0) return undefined;
  const why = `hands out ${extraAttempts.join(", ")} once more, on top of what landed, with what failed; or leave it out`;
  return step("execute_batch", { run_id: run.run_id, batch_id: "all" }, why);
}

function reportStep(run_id: string): NextStep {
  return step("get_run", { run_id, include: ["report"] }, "the checks are still running");
}

/** The next decision while there is one, whatever else the run is doing. */
export function nextDecision(standing: Standing): NextStep | undefined {
  const [first] = standing.undecided;
  return first === undefined ? undefined : decisionStep(standing.run.run_id, first);
}

/** The call that decides a question. Its `choice` is left out, because the user makes it. */
export function decisionStep(run_id: string, id: string): NextStep {
  const why = 'the user decides: show them the versions (get_run with include ["conflicts"]) or the request, and ask';
  return step("resolve_conflict", { run_id, conflict_id: id }, why);
}

function afterDecision(standing: Standing): NextStep {
  const { run_id } = standing.run;
  const all = { run_id, batch_id: "all" };
  return nextDecision(standing) ?? step("execute_batch", all, "tasks that waited can run; then aggregate_results");
}

function afterPhase(standing: Standing): NextStep {
  const { run_id, request, phase } = standing.run;
  switch (phase) {
    case undefined:
      return step("decompose_work", { run_id, request }, "send the tasks");
    case "phase_0_knowledge":
      return step(
        "decompose_work",
        { run_id, request },
        "read the files as knowledge:// resources, then send the tasks",
      );
    case "phase_1_decompose":
      return step("analyze_dependencies", { run_id }, "find out what must wait for what");
    case "phase_2_dependency":
      return step("plan_batches", { run_id }, "group the tasks into parallel batches");
    case "phase_3_batch":
      return executeStep(standing);
    case "phase_4_execute":
      if (standing.hasAmendments) return executeStep(standing);
      return step("aggregate_results", { run_id }, "every task has ended");
    case "phase_5_aggregate":
      return step("aggregate_results", { run_id }, "finish the run");
  }
}

function executeStep({ run, attempts }: Standing): NextStep {
  const { run_id, all_batches } = run;
  const all = { run_id, batch_id: "all" };
  if (attempts.length === 0)
    return step("execute_batch", all, "show the plan to the user first; this starts the agents");
  if (all_batches) return step("execute_batch", all, "goes on with the run");
  return step("execute_batch", { run_id }, "starts the next batch");
}

const WITHOUT_TOOLS =
  "if you cannot read and write files: claim_task with the lease and include_content, then submit whole files as changes";

/** The step for whoever has claimed tasks; undefined for no claims. */
export function workStep(claims: Claim[]): NextStep | undefined {
  const [first] = claims;
  if (first === undefined) return undefined;
  const why =
    claims.length > 1
      ? `AFTER the work: one subagent per claim, all at once: follow its brief, change files only in its workspace, then submit its lease; ${WITHOUT_TOOLS}`
      : `AFTER the work: follow the brief, change files only in the workspace, then submit; ${WITHOUT_TOOLS}`;
  return step("submit_task", { lease: first.lease, outcome: "done" }, why);
}

/** The step after a request for work, by what came of it. */
export function afterClaim(
  { run_id, task_id }: { run_id: string; task_id?: string | undefined },
  claimed: Claimed,
): NextStep | undefined {
  if (claimed.status === "ready") return workStep([claimed.claim]);
  if (claimed.status === "none_ready") {
    return step("get_run", { run_id, include: ["results"] }, "see what runs and what waits");
  }
  return step("claim_task", { run_id, ...(task_id && { task_id }) }, "ask again");
}

/** The step after a task was handed in. */
export function afterVerdict({ run_id, task_id, status }: Verdict): NextStep {
  if (status === "rejected") {
    const why = "its next attempt: a clean workspace, and a brief that says what was wrong";
    return step("claim_task", { run_id, task_id }, why);
  }
  if (status === "checking") return step("get_run", { run_id, include: ["results"] }, "waits for the verdict");
  return step("claim_task", { run_id }, "the next task, if one is ready");
}

function step(tool: string, args: Record<string, unknown>, why: string): NextStep {
  return { tool, arguments: args, why };
}
