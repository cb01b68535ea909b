/** Phase 4 done by the client itself: taking a task. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { claimTask as claim } from "../core/requests/claim-task.ts";
import { ClaimFields, howToWork } from "./claim.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

const WAIT_MS = 20_000;

export const claimTask = defineTool({
  name: "claim_task",
  title: "Claim task",
  description:
    "Agent client: take the next ready task yourself, with a brief and a workspace of its own. Silent leases expire; calls that name one renew it.",
  input: z.object({
    run_id: RUN_ID,
    task_id: z.string().optional(),
    lease: z.string().optional().describe("renew and show this one instead"),
    include_content: z.boolean().optional().describe("with file contents, if you cannot read files"),
  }),
  output: ClaimFields.extend({ status: z.enum(["preparing", "ready", "none_ready"]) }),
  readOnly: false,
  async run(request, { orchestrator }) {
    const claimed = await claim(request, orchestrator, WAIT_MS);
    if (!claimed.ok) return claimed;
    const { run_id, task_id } = request;
    const common = { run_id, phase: "phase_4_execute" as const, status: claimed.value.status };
    if (claimed.value.status === "ready") {
      const { claim: taken } = claimed.value;
      const summary = `task ${taken.task_id}, attempt ${taken.attempt}, is yours until ${taken.expires_at}: work in ${taken.workspace}`;
      return ok({ summary, ...common, next: howToWork([taken]), ...taken });
    }
    if (claimed.value.status === "preparing") {
      const next = { tool: "claim_task", arguments: { run_id, ...(task_id && { task_id }) }, why: "ask again" };
      return ok({ summary: "a workspace is being prepared", ...common, next });
    }
    const next = { tool: "get_run", arguments: { run_id, include: ["results"] }, why: "see what runs and what waits" };
    return ok({ summary: claimed.value.why, ...common, next });
  },
});
