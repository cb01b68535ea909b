/** A task that needs more files than it declared, as a tool. */
import { z } from "zod";
import { ok, type Result } from "../core/model/result.ts";
import { ScopeRefusal, type ScopeRequest } from "../core/model/scope-request.ts";
import { decideScope, extendScope as extend } from "../core/requests/extend-scope.ts";
import { type Answer, defineTool, type ToolContext } from "./define-tool.ts";

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
    const asked = await extend(ask, context.orchestrator);
    if (!asked.ok) return asked;
    const { run_id } = asked.value;
    const decided = await askPerson(run_id, asked.value, context);
    return decided.ok ? ok(answerOf(run_id, decided.value)) : decided;
  },
});

/** Where the client can put a question to its user, the answer decides at once. */
async function askPerson(
  runId: string,
  request: ScopeRequest,
  { orchestrator, confirm }: ToolContext,
): Promise<Result<ScopeRequest>> {
  if (request.status !== "awaiting_person") return ok(request);
  const files = request.files.join(", ");
  const said = await confirm(
    `Task ${request.task_id} asks to change more files: ${files}. Its reason: ${request.reason}`,
  );
  if (said === undefined) return ok(request);
  return decideScope({ run_id: runId, request_id: request.request_id, grant: said }, orchestrator);
}

function answerOf(run_id: string, request: ScopeRequest): Answer {
  const { request_id, task_id, status, granted, refused } = request;
  const held = refused.map(({ path, why }) => `${path}: ${why}`).join("; ");
  const parts = [
    ...(granted.length > 0 ? [`granted: ${granted.join(", ")}`] : []),
    ...(held === "" ? [] : [`refused: ${held}`]),
    ...(status === "awaiting_person" ? [`the user has to decide ${request_id}`] : []),
  ];
  const decide = { tool: "resolve_conflict", arguments: { run_id, conflict_id: request_id, choice: "grant" } };
  const next = { ...decide, why: "only with the user's own decision: grant or refuse" };
  return {
    ...{ summary: parts.join(". "), run_id, phase: "phase_4_execute", request_id, task_id, status, granted, refused },
    ...(status === "awaiting_person" ? { next } : {}),
  };
}
