/** Tools are values: the MCP server, its tests and docs/tools.md are all made from them. */
import { z } from "zod";
import { type Failure, failureText, Problem } from "../core/model/failure.ts";
import { NextStep } from "../core/model/next-step.ts";
import { PhaseId } from "../core/model/phase.ts";
import type { Result } from "../core/model/result.ts";
import type { Operations } from "../core/orchestrator.ts";

export interface TaskFiles {
  request: string | undefined;
  tasks: unknown[];
  orchestration: unknown;
}

export interface ToolContext {
  orchestrator: Operations;
  /** folder used where a call names none */
  defaultRepository: string;
  /** the tasks of files inside `repo` */
  readTaskFiles(files: string[], repo: string): Promise<Result<TaskFiles>>;
  /** Lets the user of the client choose; undefined where the client cannot ask, or the user gives no answer. */
  choose(question: string, choices: readonly string[]): Promise<string | undefined>;
  /** Puts a yes-or-no question to the user of the client; undefined where it cannot, or the user gives no answer. */
  confirm(question: string): Promise<boolean | undefined>;
  /** the end of a task's log */
  readLog(file: string): Promise<string>;
  /** Resolves when the run is idle, `seconds` have passed or the caller gave up; reports progress meanwhile. */
  wait(runId: string, seconds: number): Promise<void>;
}

/** Answer fields common to all tools, besides a tool's own. */
export interface Answer {
  summary: string;
  run_id?: string;
  phase?: PhaseId;
  next?: NextStep | undefined;
  [field: string]: unknown;
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  /** for arguments with a shape of their own: how one is written, for whoever wrote it wrong */
  examples?: Record<string, string> | undefined;
  /** one flat object in which only `summary` is required, so that an error is valid against it too */
  output: z.ZodObject;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  run(input: unknown, context: ToolContext): Promise<Result<Answer>>;
}

interface Definition<Input extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  examples?: Record<string, string>;
  output: z.ZodObject;
  /** true when the tool changes no file, ref or running work */
  readOnly: boolean;
  run(input: z.infer<Input>, context: ToolContext): Promise<Result<Answer>>;
}

const Common = z.object({
  summary: z.string(),
  run_id: z.string().optional(),
  phase: PhaseId.optional(),
  next: NextStep.optional(),
  /** arguments that were read in another way than they were written */
  notes: z.array(z.string()).optional(),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string(), problems: z.array(Problem).optional() })
    .optional(),
});

export function defineTool<Input extends z.ZodObject>(definition: Definition<Input>): Tool {
  const { input, readOnly, run, output, ...described } = definition;
  return {
    ...described,
    input,
    output: z.object({ ...output.partial().shape, ...Common.shape }),
    annotations: { readOnlyHint: readOnly, destructiveHint: false, idempotentHint: readOnly, openWorldHint: false },
    run: async (given, context) => run(input.parse(given), context),
  };
}

/** An error in the tool's own form: valid against every output schema, with the cure in the hint. */
export function errorAnswer(failure: Failure): Answer {
  const { code, message, hint, problems } = failure;
  const error = { code, message, hint, ...(problems === undefined ? {} : { problems }) };
  return { summary: failureText(failure), error };
}

/** The step that usually follows, by where the run stands now. */
export function nextOf(orchestrator: Operations, runId: string): NextStep | undefined {
  const view = orchestrator.view(runId);
  return view.ok ? view.value.next : undefined;
}

/** The id of a run, without a description: every tool has it, and each would cost context in every chat. */
export const RUN_ID = z.string();

/** Longest wait of any call, in seconds: clients give up after sixty. */
export const MAX_WAIT_SECONDS = 45;
export const WAIT_SECONDS = z.number().int().min(0).max(MAX_WAIT_SECONDS);
