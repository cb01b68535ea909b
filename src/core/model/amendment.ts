/** A change to the work of a run that is on its way: on record until whoever owns the run takes it up at its next decision. */
import { z } from "zod";
import { Task } from "./task.ts";

/** `add_tasks`: more work, judged by phase 1 already. `grow_scope`: a task may change `files` besides what it declared. */
export const Amendment = z.discriminatedUnion("type", [
  z.object({ type: z.literal("add_tasks"), tasks: z.array(Task) }),
  z.object({ type: z.literal("grow_scope"), task_id: z.string(), files: z.array(z.string()) }),
]);
export type Amendment = z.infer<typeof Amendment>;

/** An amendment as stored: `seq` orders those of all runs. */
export type StoredAmendment = Amendment & { seq: number };
