/** Phase 4 done by the client itself: handing a task in. */
import { z } from "zod";
import { Violation } from "../core/model/attempt.ts";
import { failureText } from "../core/model/failure.ts";
import { Outcome } from "../core/model/lease.ts";
import { ok } from "../core/model/result.ts";
import type { Verdict } from "../core/orchestrator.ts";
import { defineTool } from "./define-tool.ts";

const WAIT_MS = 40_000;

const Change = z.object({
  path: z.string().max(1_000),
  content: z.string().max(2_000_000).optional(),
  delete: z.boolean().optional(),
});

export const submitTask = defineTool({
  name: "submit_task",
  title: "Submit task",
  description:
    "Hand in a claimed task: what changed is held against its boundary and its checks. Status checking: get_run, or submit again.",
  input: z.object({
    lease: z.string().max(200),
    outcome: Outcome,
    summary: z.string().max(4_000).optional(),
    changes: z.array(Change).max(500).optional().describe("whole files, if you cannot write to the workspace"),
  }),
  output: z.object({
    status: z.enum(["checking", "accepted", "rejected", "failed"]),
    task_id: z.string(),
    violations: z.array(Violation),
    attempt: z.number(),
    attempts_left: z.number(),
    problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
  }),
  readOnly: false,
  async run(submission, { orchestrator }) {
    const judged = await orchestrator.requests.submit(submission, WAIT_MS);
    if (!judged.ok) return judged;
    return ok({ summary: summaryOf(judged.value), phase: "phase_4_execute" as const, ...judged.value });
  },
});

function summaryOf({ task_id, status, attempt, attempts_left, problem }: Verdict): string {
  const why = problem === undefined ? "" : `: ${failureText(problem)}`;
  if (status === "rejected")
    return `${task_id}, attempt ${attempt}, is rejected${why}; ${attempts_left} attempts are left`;
  return `${task_id}, attempt ${attempt}, is ${status === "checking" ? "being checked" : `${status}${why}`}`;
}
