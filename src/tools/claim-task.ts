/** Phase 4 done by the client itself: taking a task. */
import { z } from "zod";
import { ok } from "../core/model/result.ts";
import { ClaimFields } from "./claim-fields.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

const WAIT_MS = 20_000;

export const claimTask = defineTool({
  name: "claim_task",
  title: "Claim task",
  description:
    "Agent client: take the next ready task yourself, with a brief and a workspace. Silent leases expire; calls that name one renew it.",
  input: z.object({
    run_id: RUN_ID,
    task_id: z.string().optional(),
    lease: z.string().optional().describe("renew and show this one instead"),
    include_content: z.boolean().optional().describe("with file contents, if you cannot read files"),
  }),
  output: ClaimFields.extend({ status: z.enum(["preparing", "ready", "none_ready"]) }),
  readOnly: false,
  async run(request, { orchestrator }) {
    const claimed = await orchestrator.requests.claim(request, WAIT_MS);
    if (!claimed.ok) return claimed;
    const { status, next } = claimed.value;
    const common = { run_id: request.run_id, phase: "phase_4_execute" as const, status, next };
    switch (claimed.value.status) {
      case "ready": {
        const { claim } = claimed.value;
        const summary = `task ${claim.task_id}, attempt ${claim.attempt}, is yours until ${claim.expires_at}: work in ${claim.workspace}`;
        return ok({ summary, ...common, ...claim });
      }
      case "preparing":
        return ok({ summary: "a workspace is being prepared", ...common });
      case "none_ready":
        return ok({ summary: claimed.value.why, ...common });
    }
  },
});
