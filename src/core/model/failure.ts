/** Failures as data: a code to branch on, a message that names the value, a hint that cures it. */
import { z } from "zod";
import { RunOwner } from "./run-owner.ts";

/** Failures of which the words say all there is. */
const PlainCode = z.enum([
  "invalid_input",
  "invalid_tasks",
  "invalid_configuration",
  "unknown_run",
  "unknown_agent",
  "unknown_check",
  "unknown_conflict",
  "unknown_request",
  "unknown_batch",
  "wrong_phase",
  "not_a_repository",
  "no_commit",
  "unknown_revision",
  "git_too_old",
  "git_failed",
  "unsupported_content",
  "cycle",
  "agent_unavailable",
  "sandbox_unavailable",
  "agent_failed",
  "limit_exceeded",
  "agent_refused",
  "unknown_lease",
  "lease_changed",
  "changed_meanwhile",
  "lease_expired",
  "abandoned",
  "budget_spent",
  "provider_unavailable",
  "provider_rejected",
  "no_changes",
  "missing_output",
  "check_failed",
  "invalid_output",
  "gate_closed",
  "unknown_workflow",
  "invalid_workflow",
  "unknown_issue",
  "setup_failed",
  "workspace_failed",
  "storage_failed",
  "dependency_failed",
  "validation_failed",
  "dirty_worktree",
  "branch_moved",
  "knowledge_unreadable",
  "cancelled",
  "interrupted",
  "not_supported",
  "internal_error",
]);
export type PlainCode = z.infer<typeof PlainCode>;

/** One thing wrong with the input. `field` is a path such as `tasks[2].files[0]`; `fix` says what to write instead. */
export const Problem = z.object({
  task_id: z.string().optional(),
  field: z.string().optional(),
  code: z.string(),
  message: z.string(),
  fix: z.string(),
});
export type Problem = z.infer<typeof Problem>;

const Words = z.object({
  message: z.string(),
  hint: z.string(),
  problems: z.array(Problem).optional(),
});

/** A union on `code`: what a caller acts upon is data, never to be read out of the message. */
export const Failure = z.discriminatedUnion("code", [
  Words.extend({ code: PlainCode }),
  Words.extend({
    code: z.literal("run_busy"),
    /** whoever works on the run; absent when it is this process */
    owner: RunOwner.optional(),
  }),
  /** `limit_ms`: how long it was given, in milliseconds */
  Words.extend({ code: z.literal("timed_out"), limit_ms: z.number().optional() }),
  /** `paths`: what was written outside the boundary */
  Words.extend({ code: z.literal("scope_violation"), paths: z.array(z.string()).optional() }),
  /** `paths`: the files, or conflict ids, that do not merge */
  Words.extend({ code: z.literal("merge_conflict"), paths: z.array(z.string()).optional() }),
]);
export type Failure = z.infer<typeof Failure>;
export const FailureCode = z.enum([...PlainCode.options, "run_busy", "timed_out", "scope_violation", "merge_conflict"]);
export type FailureCode = Failure["code"];

/** A failure that carries nothing but words. */
export function failure(code: PlainCode, message: string, hint: string): Failure {
  return { code, message, hint };
}

/** The run is owned by another piece of work. */
export function busyFailure(message: string, hint: string, owner?: RunOwner): Failure {
  return { code: "run_busy", message, hint, ...(owner === undefined ? {} : { owner }) };
}

/** Message and hint as one line of text. */
export function failureText({ message, hint }: Pick<Failure, "message" | "hint">): string {
  return `${message.replace(/\.$/, "")}. ${hint}`;
}

const FULL = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

/** Failure of a disk that takes nothing more, as Node says it; undefined for every other error. */
export function diskFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string" && FULL.has(error.code)))
    return undefined;
  const hint = "make room where FORKJOIN_HOME is (`forkjoin doctor` says where), then go on: everything so far is kept";
  return failure("storage_failed", error.message, hint);
}
