/** One tool call: arguments read with an answer a model can act on, the core called, the same facts returned as structure and as text. */
import { z } from "zod";
import { diskFailure, type Failure, failure } from "../core/model/failure.ts";
import { RunStopped } from "../core/model/run-stopped.ts";
import { readArguments } from "../tools/arguments/read-arguments.ts";
import { Schema, wanted } from "../tools/arguments/schema.ts";
import { type Answer, errorAnswer, type Tool, type ToolContext } from "../tools/define-tool.ts";
import { wireTool } from "./wire-tool.ts";

export interface CallResult {
  content: { type: "text"; text: string }[];
  structuredContent: Record<string, unknown>;
  isError?: boolean;
  [key: string]: unknown;
}

export async function callTool(tool: Tool, given: unknown, context: ToolContext): Promise<CallResult> {
  try {
    const schema = Schema.parse(wireTool(tool).inputSchema);
    const newestRun = (): string | undefined => context.orchestrator.runs(1)[0]?.run_id;
    const reader = { roots: [context.defaultRepository], newestRun };
    const read = readArguments({ name: tool.name, schema }, given, reader);
    if (!read.ok) return failed(read.error);
    const { arguments: args, notes } = read.value;
    const said = notes.length === 0 ? {} : { notes };
    const parsed = tool.input.safeParse(args);
    if (!parsed.success) return failed(invalidInput(tool, schema, { args, error: parsed.error }, context), said);
    const answer = await tool.run(parsed.data, context);
    return answer.ok ? succeeded({ ...answer.value, ...said }) : failed(answer.error, said);
  } catch (error) {
    return failed(unexpected(error));
  }
}

function succeeded(answer: Answer): CallResult {
  return { content: [{ type: "text", text: JSON.stringify(answer) }], structuredContent: answer };
}

function failed(problem: Failure, said: { notes?: string[] } = {}): CallResult {
  return { ...succeeded({ ...errorAnswer(problem), ...said }), isError: true };
}

interface Refused {
  args: Record<string, unknown>;
  error: z.ZodError;
}

function invalidInput(tool: Tool, schema: Schema, { args, error }: Refused, context: ToolContext): Failure {
  const problems = error.issues.map((issue) => {
    const field = issue.path.map(String).join(".") || "arguments";
    const fix = `write ${wanted(schemaAt(schema, issue.path))}`;
    const says = valueAt(args, issue.path) === undefined ? `is missing: ${fix}` : `${issue.message}; ${fix}`;
    return { field, code: "invalid_field", message: `${field}${says.startsWith("is") ? " " : ": "}${says}`, fix };
  });
  const said = problems.map((problem) => problem.message).join("; ");
  const fields = Object.keys(tool.input.shape).join(", ");
  const runs = problems.some(({ field }) => field === "run_id") ? recent(context) : "";
  const examples = problems.flatMap(({ field }) => tool.examples?.[field.split(".")[0] ?? ""] ?? []);
  const hint = [`${tool.name} takes ${fields}`, ...new Set(examples)].join("; ");
  return { ...failure("invalid_input", said, `${hint}${runs}`), problems };
}

function recent({ orchestrator }: ToolContext): string {
  const ids = orchestrator.runs(5).map(({ run_id }) => run_id);
  return ids.length === 0 ? "; there are no runs yet: begin with decompose_work" : `; recent runs: ${ids.join(", ")}`;
}

function schemaAt(schema: Schema, path: PropertyKey[]): Schema {
  return path.reduce<Schema>(
    (at, part) => (typeof part === "number" ? at.items : at.properties?.[String(part)]) ?? {},
    schema,
  );
}

function valueAt(args: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined),
    args,
  );
}

/** A store that cannot be used says why; anything else is a bug, and the client still gets an answer. */
function unexpected(error: unknown): Failure {
  if (error instanceof RunStopped) return error.failure;
  const carried = z.object({ failure: z.object({ message: z.string(), hint: z.string() }) }).safeParse(error);
  if (carried.success) return failure("storage_failed", carried.data.failure.message, carried.data.failure.hint);
  const full = diskFailure(error);
  if (full !== undefined) return full;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`forkjoin-mcp: ${error instanceof Error ? error.stack : message}\n`);
  return failure("internal_error", message, "the run's state is kept; look at it with get_run");
}
