/** One tool call: input checked with an answer a model can act on, the core called, the same facts returned as structure and as text. */
import { z } from "zod";
import { type Failure, failure } from "../core/model/failure.ts";
import { RunStopped } from "../core/model/run-stopped.ts";
import { type Answer, errorAnswer, type Tool, type ToolContext } from "../tools/define-tool.ts";

export interface CallResult {
  content: { type: "text"; text: string }[];
  structuredContent: Record<string, unknown>;
  isError?: boolean;
  [key: string]: unknown;
}

export async function callTool(tool: Tool, given: unknown, context: ToolContext): Promise<CallResult> {
  const parsed = tool.input.safeParse(given ?? {});
  if (!parsed.success) return failed(invalidInput(tool, parsed.error));
  try {
    const answer = await tool.run(parsed.data, context);
    return answer.ok ? succeeded(answer.value) : failed(answer.error);
  } catch (error) {
    return failed(unexpected(error));
  }
}

function succeeded(answer: Answer): CallResult {
  return { content: [{ type: "text", text: JSON.stringify(answer) }], structuredContent: answer };
}

function failed(problem: Failure): CallResult {
  return { ...succeeded(errorAnswer(problem)), isError: true };
}

function invalidInput(tool: Tool, error: z.ZodError): Failure {
  const problems = error.issues.map((issue) => {
    const field = issue.path.map(String).join(".") || "arguments";
    return {
      field,
      code: "invalid_field",
      message: `${field}: ${issue.message}`,
      fix: `see the input of ${tool.name}`,
    };
  });
  const said = problems.map((problem) => problem.message).join("; ");
  const fields = Object.keys(tool.input.shape).join(", ");
  return { ...failure("invalid_input", said, `${tool.name} takes ${fields}`), problems };
}

/** A store that cannot be used says why; anything else is a bug, and the client still gets an answer. */
function unexpected(error: unknown): Failure {
  if (error instanceof RunStopped) return error.failure;
  const carried = z.object({ failure: z.object({ message: z.string(), hint: z.string() }) }).safeParse(error);
  if (carried.success) return failure("storage_failed", carried.data.failure.message, carried.data.failure.hint);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`forkjoin-mcp: ${error instanceof Error ? error.stack : message}\n`);
  return failure("internal_error", message, "the run's state is kept; look at it with get_run");
}
