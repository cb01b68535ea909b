/** Everything that can go wrong, as data: a code to branch on, a message that names the value, a hint that cures it. */
import { z } from "zod";

export const FailureCode = z.enum([
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
  "run_busy",
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
  "agent_refused",
  "unknown_lease",
  "lease_changed",
  "lease_expired",
  "abandoned",
  "budget_spent",
  "provider_unavailable",
  "provider_rejected",
  "timed_out",
  "scope_violation",
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
  "merge_conflict",
  "validation_failed",
  "dirty_worktree",
  "branch_moved",
  "knowledge_unreadable",
  "cancelled",
  "interrupted",
  "not_supported",
  "internal_error",
]);
export type FailureCode = z.infer<typeof FailureCode>;

/** One thing wrong with the input. `field` is a path such as `tasks[2].files[0]`; `fix` says what to write instead. */
export const Problem = z.object({
  task_id: z.string().optional(),
  field: z.string().optional(),
  code: z.string(),
  message: z.string(),
  fix: z.string(),
});
export type Problem = z.infer<typeof Problem>;

export const Failure = z.object({
  code: FailureCode,
  message: z.string(),
  hint: z.string(),
  problems: z.array(Problem).optional(),
});
export type Failure = z.infer<typeof Failure>;

export function failure(code: FailureCode, message: string, hint: string): Failure {
  return { code, message, hint };
}
