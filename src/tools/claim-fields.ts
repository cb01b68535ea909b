/** Wire format of a claim: the same from claim_task and from execute_batch. */
import { z } from "zod";
import { TaskAccess } from "../core/model/task.ts";

export const ClaimFields = z.object({
  lease: z.string(),
  task_id: z.string(),
  attempt: z.number(),
  workspace: z.string(),
  brief: z.string(),
  boundary: z.object({ access: TaskAccess, scope: z.array(z.string()) }),
  files: z.array(z.object({ path: z.string(), uri: z.string(), content: z.string().optional() })),
  expires_at: z.string(),
});
