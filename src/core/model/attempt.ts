/** One try at one task: the row that makes a run survive `kill -9`. */
import { z } from "zod";
import { TaskChange } from "./batch-results.ts";
import { Enforcement } from "./boundary.ts";
import { Failure } from "./failure.ts";
import { ProcessIdentity } from "./process-identity.ts";
import { Usage } from "./usage.ts";

/**
 * - `running` — its workspace or process may exist
 * - `accepted` — verified, committed under `refs/forkjoin/`, will be merged
 * - `rejected` — ended without an accepted result; `error` says why, `commit` keeps what it had done
 * - `lost` — the coordinating process died while it ran; what it had done is not trusted
 */
export const AttemptState = z.enum(["running", "accepted", "rejected", "lost"]);
export type AttemptState = z.infer<typeof AttemptState>;

export const Violation = z.object({ path: z.string(), rule: z.string(), fix: z.string() });
export type Violation = z.infer<typeof Violation>;

/** Where it is kept: a ref of the repository, and a patch in Forkjoin's folder. */
export const Kept = TaskChange.extend({ ref: z.string().optional(), patch: z.string().optional() });
export type Kept = z.infer<typeof Kept>;

export const Attempt = z.object({
  task_id: z.string(),
  attempt: z.number().int().min(1),
  state: AttemptState,
  base: z.string(),
  boundary: Enforcement,
  workspace: z.string(),
  log_file: z.string(),
  process: ProcessIdentity.optional(),
  started_at: z.number().int(),
  finished_at: z.number().int().optional(),
  change: TaskChange.optional(),
  /** scope entries that it had beyond those its task declares, by grant */
  granted: z.array(z.string()).optional(),
  /** unaccepted changes, kept as a commit under `refs/forkjoin/` */
  kept: Kept.optional(),
  error: Failure.optional(),
  violations: z.array(Violation).optional(),
  /** what was noticed and fails nothing */
  notes: z.array(z.string()).optional(),
  /** absent when the agent did not say */
  usage: Usage.optional(),
  /** what the agent was not allowed to do, in its own words */
  denied: z.array(z.string()).optional(),
  /** lines of its own output which say that the sandbox refused it to write */
  refused_writes: z.array(z.string()).optional(),
  /** what it handed back besides files: plain text, capped */
  output: z.string().optional(),
  /** a person asked for the task to be done again after it: it says nothing of the task any more */
  superseded: z.boolean().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** The attempts that a task's result follows from. */
export function standing(attempts: Attempt[]): Attempt[] {
  return attempts.filter((attempt) => attempt.superseded !== true);
}

/** Names the attempt's workspace, log and refs within its run. */
export function attemptName({ task_id, attempt }: { task_id: string; attempt: number }): string {
  return `${task_id}/${attempt}`;
}
