/** Entry of a workflow's report for each instance, and so for each issue. */
import { z } from "zod";

/** Outcome of one instance, for the report. */
export const InstanceReport = z.object({
  id: z.string(),
  title: z.string(),
  issue: z.string().optional(),
  /** `rolled_back`, `escalated`: it failed, and nothing of it is in the result */
  status: z.enum(["success", "failed", "rolled_back", "escalated", "pending"]),
  phases: z.array(
    z.object({
      phase_id: z.string(),
      status: z.enum(["success", "failed", "skipped", "pending"]),
      tasks: z.array(z.string()),
    }),
  ),
  /** where its own commits are: the branch it asked for, under Forkjoin's own names */
  branch: z.string().optional(),
  why: z.string().optional(),
});
export type InstanceReport = z.infer<typeof InstanceReport>;
