/** `$execution_plan`: batches in order, what they are estimated to save, and how far the plan is from its lower bound. */
import { z } from "zod";

export const Batch = z.object({
  batch_id: z.number().int(),
  parallel: z.boolean(),
  tasks: z.array(z.string()),
  estimated_time: z.string(),
  estimated_time_ms: z.number().int(),
  sync_after: z.boolean(),
});
export type Batch = z.infer<typeof Batch>;

export const ScheduledTask = z.object({
  task_id: z.string(),
  slot: z.number().int(),
  start_ms: z.number().int(),
  end_ms: z.number().int(),
});
export type ScheduledTask = z.infer<typeof ScheduledTask>;

export const ExecutionPlan = z.object({
  batches: z.array(Batch),
  schedule: z.array(ScheduledTask),
  total_batches: z.number().int(),
  max_parallel: z.number().int(),
  estimated_parallel_time: z.string(),
  estimated_parallel_time_ms: z.number().int(),
  estimated_sequential_time: z.string(),
  estimated_sequential_time_ms: z.number().int(),
  time_savings: z.string(),
  time_savings_ms: z.number().int(),
  estimated_speedup: z.number(),
  lower_bound_ms: z.number().int(),
  /** (planned − bound) ÷ bound */
  gap: z.number(),
  bound_by: z.string(),
  /** true when a search stopped at its time limit instead of its iteration budget */
  truncated: z.boolean(),
  recommendation: z.enum(["parallel", "sequential"]),
  why: z.string(),
});
export type ExecutionPlan = z.infer<typeof ExecutionPlan>;
