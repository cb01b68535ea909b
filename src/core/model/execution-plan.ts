/** `$execution_plan`: batches in order, what they are estimated to save, and how far the plan is from its lower bound. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";

/** `batches`: a sync point after each batch. `streaming`: a task starts when its needs are merged, its locks free and a slot open. */
export const PlanMode = z.enum(["batches", "streaming"]);
export type PlanMode = z.infer<typeof PlanMode>;

/** Objective of a plan in batches: the shortest time, or the fewest batches and then the shortest time. */
export const PlanObjective = z.enum(["time", "batches"]);
export type PlanObjective = z.infer<typeof PlanObjective>;

/** Milliseconds a plan may be searched for, and the most that can be asked for. */
export const DEFAULT_TIME_BUDGET_MS = 200;
export const MAX_TIME_BUDGET_MS = 30_000;

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
  mode: PlanMode,
  objective: PlanObjective,
  batches: z.array(Batch),
  schedule: z.array(ScheduledTask),
  /** streaming: the order results merge in; of two tasks that conflict the earlier one runs first */
  order: z.array(z.string()).optional(),
  /** what past runs made of the declared estimates; absent while they say too little */
  estimates: z.array(Estimate).optional(),
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
  /** nothing better exists: the plan meets the bound, or all plans were weighed */
  optimal: z.boolean(),
  /** milliseconds of slots that stand empty until the last task ends */
  idle_ms: z.number().int(),
  /** no plan of this work can be more times as fast as one task after the other, however many slots there are */
  speedup_ceiling: z.number(),
  /** in batches mode: what the other objective would give */
  trade_off: z.string().optional(),
  /** what would make the plan shorter, or shows that nothing does; most useful first */
  advice: z.array(z.string()),
  /** true when a search stopped at its time limit instead of its iteration budget */
  truncated: z.boolean(),
  recommendation: z.enum(["parallel", "sequential"]),
  why: z.string(),
});
export type ExecutionPlan = z.infer<typeof ExecutionPlan>;
