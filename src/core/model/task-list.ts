/** `$task_list`: what phase 1 hands to phase 2. */
import { z } from "zod";
import { Boundary } from "./boundary.ts";
import { Task } from "./task.ts";

export const MAX_TASKS = 1_000;

export const Suggestion = z.object({
  message: z.string(),
  /** Corrected list of tasks to send instead, where Forkjoin can say it exactly. */
  apply: z.unknown().optional(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const TaskList = z.object({
  tasks: z.array(Task),
  boundaries: z.array(Boundary),
  total_tasks: z.number().int(),
  estimated_total_time_sequential: z.string(),
  estimated_total_time_sequential_ms: z.number().int(),
  suggestions: z.array(Suggestion),
});
export type TaskList = z.infer<typeof TaskList>;
