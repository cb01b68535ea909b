/** A change to the work of a run that is on its way: on record until whoever owns the run takes it up at its next decision. */
import { z } from "zod";
import { AgentConfiguration } from "./configuration.ts";
import { Task } from "./task.ts";

/** A task that is to be done again, with what is to be otherwise this time. */
export const Retry = z.object({
  task_id: z.string(),
  agent: z.string().optional(),
  description: z.string().optional(),
  /** its scope from now on */
  files: z.array(z.string()).optional(),
});
export type Retry = z.infer<typeof Retry>;

/**
 * `add_tasks`: more work, judged by phase 1 already. `grow_scope`: a task may change `files` besides what it declared. `retry`: tasks
 * begin anew, on top of what is merged, and what waited for them can run.
 */
export const Amendment = z.discriminatedUnion("type", [
  z.object({ type: z.literal("add_tasks"), tasks: z.array(Task) }),
  z.object({ type: z.literal("grow_scope"), task_id: z.string(), files: z.array(z.string()) }),
  /** `agents`: as they are configured now */
  z.object({ type: z.literal("retry"), tasks: z.array(Retry), agents: z.record(z.string(), AgentConfiguration) }),
]);
export type Amendment = z.infer<typeof Amendment>;

/** An amendment as stored: `seq` orders those of all runs. */
export type StoredAmendment = Amendment & { seq: number };
