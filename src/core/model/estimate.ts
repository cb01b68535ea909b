/** Learning from past runs: how long a task took beside what was declared for it, and what a new task's estimate becomes by that. */
import { z } from "zod";
import { formatDuration } from "./duration.ts";
import { Category } from "./task.ts";

/** An accepted attempt, as far as later estimates learn from it. */
export const PastDuration = z.object({
  /** name of the agent; absent where the task had a command of its own */
  agent: z.string().optional(),
  category: Category,
  estimated_ms: z.number().int(),
  actual_ms: z.number().int(),
});
export type PastDuration = z.infer<typeof PastDuration>;

/** Fixed when the plan is made: what the run itself takes does not change it. */
export const Estimate = z.object({
  task_id: z.string(),
  declared_ms: z.number().int(),
  /** what the plan counts with */
  planned_ms: z.number().int(),
  /** four of five such tasks are done by then */
  cautious_ms: z.number().int(),
  why: z.string(),
});
export type Estimate = z.infer<typeof Estimate>;

/** `10min`, or `10min → 14min` where past runs say otherwise. */
export function estimateText(declared: string, estimate: Estimate | undefined): string {
  if (estimate === undefined || estimate.planned_ms === estimate.declared_ms) return declared;
  return `${declared} → ${formatDuration(estimate.planned_ms)}`;
}
