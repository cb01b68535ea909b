/** What a claim looks like on the wire: the same from claim_task and from execute_batch. */
import { z } from "zod";
import { TaskAccess } from "../core/model/task.ts";
import type { Claim } from "../core/requests/claim-task.ts";

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

const WITHOUT_TOOLS =
  "if you cannot read and write files: claim_task with the lease and include_content, then submit whole files as changes";

/** What to do with claims, in one sentence. */
export function howToWork(claims: Claim[]): { tool: string; arguments: Record<string, unknown>; why: string } {
  const [first] = claims;
  const why =
    claims.length > 1
      ? `one subagent per claim, all at once: follow its brief, change files only in its workspace, then submit its lease; ${WITHOUT_TOOLS}`
      : `follow the brief, change files only in the workspace, then submit; ${WITHOUT_TOOLS}`;
  return { tool: "submit_task", arguments: { lease: first?.lease, outcome: "done" }, why };
}
