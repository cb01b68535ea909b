/** A task that needs more files than it declared, as a tool. */
import { z } from "zod";
import type { NextStep } from "../core/model/next-step.ts";
import { ok } from "../core/model/result.ts";
import { ScopeRefusal, type ScopeRequest } from "../core/model/scope-request.ts";
import { type Answer, defineTool } from "./define-tool.ts";

export const extendScope = defineTool({
  name: "extend_scope",
  title: "Extend scope",
  description: "Ask for more files for a task in work, before changing them; refused where another task holds them.",
  input: z.object({
    run_id: z.string().optional(),
    lease: z.string().max(200).optional(),
    task_id: z.string().optional(),
    files: z.array(z.string()).min(1).max(50),
    reason: z.string().min(1).max(2_000),
  }),
  output: z.object({
    status: z.enum(["granted", "refused", "awaiting_person"]),
    granted: z.array(z.string()),
    refused: z.array(ScopeRefusal),
    task_id: z.string(),
    request_id: z.string(),
  }),
  readOnly: false,
  async run(ask, context) {
    const asked = await context.orchestrator.requests.extendScope(ask);
    if (!asked.ok) return asked;
    const { run_id, question, next } = asked.value;
    const said = question && (await context.confirm(question.text));
    if (said === undefined) return ok(answerOf(run_id, asked.value, next));
    const answer = { request_id: asked.value.request_id, grant: said };
    const decided = await context.orchestrator.requests.decideScope(run_id, answer);
    return decided.ok ? ok(answerOf(run_id, decided.value, undefined)) : decided;
  },
});

function answerOf(run_id: string, request: ScopeRequest, next: NextStep | undefined): Answer {
  const { request_id, task_id, status, granted, refused } = request;
  const held = refused.map(({ path, why }) => `${path}: ${why}`).join("; ");
  const parts = [
    ...(granted.length > 0 ? [`granted: ${granted.join(", ")}`] : []),
    ...(held === "" ? [] : [`refused: ${held}`]),
    ...(status === "awaiting_person" ? [`the user has to decide ${request_id}`] : []),
  ];
  const common = { summary: parts.join(". "), run_id, phase: "phase_4_execute" as const };
  return { ...common, request_id, task_id, status, granted, refused, next };
}
