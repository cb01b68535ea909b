/** A task that finds it needs more than its scope says: what it asked for, and what was decided. */
import { z } from "zod";

/** Names a grant in the message of a commit. */
export const GRANTED_TRAILER = "Forkjoin-Scope-Granted";

export const ScopeRefusal = z.object({
  path: z.string(),
  /** the task that holds or is promised the path; absent when a rule or a person refused it */
  held_by: z.string().optional(),
  why: z.string(),
});
export type ScopeRefusal = z.infer<typeof ScopeRefusal>;

export const ScopeRequest = z.object({
  /** `scope:<task_id>:<number>` */
  request_id: z.string(),
  task_id: z.string(),
  files: z.array(z.string()),
  reason: z.string(),
  status: z.enum(["granted", "refused", "awaiting_person"]),
  granted: z.array(z.string()),
  refused: z.array(ScopeRefusal),
  asked_at: z.number().int(),
  decided_at: z.number().int().optional(),
  /** a person granted it, not the run's rule */
  by_person: z.boolean().optional(),
});
export type ScopeRequest = z.infer<typeof ScopeRequest>;
