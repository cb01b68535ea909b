/** Phase 1.2: one atomic change with its declared file scope, estimate and risk. Aliases are accepted, one form goes out. */
import { z } from "zod";
import { DurationText, formatDuration, parseDuration } from "./duration.ts";
import { Name, TaskId } from "./identifier.ts";
import { MAX_SCOPE_ENTRIES, ScopePattern } from "./scope-pattern.ts";
import { OutputPart } from "./task-output.ts";

export const MAX_TASK_MS = 30 * 60_000;
export const DEFAULT_ESTIMATE = "10min";
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 20_000;
const MAX_INSTRUCTIONS = 40_000;

export const RiskLevel = z.enum(["low", "medium", "high"]);
export const Category = z.enum(["modification", "creation", "test", "documentation", "configuration"]);
export type Category = z.infer<typeof Category>;
export const TaskAccess = z.enum(["write", "read_only", "read_only+test_execution"]);

export const Command = z.array(z.string().min(1).max(4_096)).min(1).max(200);

/** Pool name → units of it. */
export const Pools = z.record(Name, z.number().int().min(1).max(1_000));
export const Priority = z.number().int().min(-1_000).max(1_000);

const ids = z.array(TaskId).max(500);

/** A task as a client or a file writes it, after `task_id`, `files_affected` and `estimated_duration` became their short names. */
export const TaskInput = z.strictObject({
  id: TaskId.optional(),
  /** one line for the commit and for what people read; default the first line of the description */
  title: z.string().trim().min(1).max(MAX_TITLE).optional(),
  description: z.string().trim().min(1).max(MAX_DESCRIPTION),
  files: z.array(ScopePattern).max(MAX_SCOPE_ENTRIES).default([]),
  estimated: DurationText.default(DEFAULT_ESTIMATE),
  risk_level: RiskLevel.default("low"),
  category: Category.optional(),
  depends_on: ids.default([]),
  conflicts_with: ids.default([]),
  locks: z.array(Name).max(50).default([]),
  modifies: z.array(ScopePattern).max(MAX_SCOPE_ENTRIES).default([]),
  critical: z.boolean().default(false),
  access: TaskAccess.default("write"),
  agent: Name.optional(),
  checks: z.array(Name).max(20).default([]),
  /** how to do it, for the brief alone: the description also stands in the commit */
  instructions: z.string().trim().min(1).max(MAX_INSTRUCTIONS).optional(),
  /** issues of the tracker that its commit closes */
  closes: z.array(z.number().int().min(1)).max(20).optional(),
  /** checks that must fail on the task's result: a test written before its fix */
  red_checks: z.array(Name).max(20).optional(),
  /** what the agent must hand back through FORKJOIN_OUTPUT_FILE */
  outputs: z.array(OutputPart).max(3).optional(),
  allow_empty: z.boolean().default(false),
  command: Command.optional(),
  /** units of the configured pools it needs while it runs */
  pools: Pools.optional(),
  /** of tasks that could start, the higher goes first; default 0 */
  priority: Priority.optional(),
});
export type TaskInput = z.infer<typeof TaskInput>;
/** One thing the schema has against a task. */
export type TaskIssue = z.core.$ZodIssue;

/** Task fields that an agent may set. The choice of who does it, with which command and which rights, is not the agent's. */
export const DeclaredTask = TaskInput.pick({
  id: true,
  description: true,
  files: true,
  estimated: true,
  risk_level: true,
  category: true,
  depends_on: true,
  locks: true,
  modifies: true,
  allow_empty: true,
});
export type DeclaredTask = z.infer<typeof DeclaredTask>;

export const Task = z.object({
  id: z.string(),
  title: z.string().optional(),
  description: z.string(),
  files: z.array(z.string()),
  estimated: z.string(),
  estimated_ms: z.number().int(),
  risk_level: RiskLevel,
  category: Category,
  depends_on: z.array(z.string()),
  conflicts_with: z.array(z.string()),
  locks: z.array(z.string()),
  modifies: z.array(z.string()),
  critical: z.boolean(),
  access: TaskAccess,
  agent: z.string().optional(),
  checks: z.array(z.string()),
  instructions: z.string().optional(),
  closes: z.array(z.number().int()).optional(),
  red_checks: z.array(z.string()).optional(),
  outputs: z.array(OutputPart).optional(),
  allow_empty: z.boolean(),
  command: Command.optional(),
  pools: Pools.optional(),
  priority: Priority.optional(),
});
export type Task = z.infer<typeof Task>;

const ALIASES = new Map([
  ["task_id", "id"],
  ["files_affected", "files"],
  ["estimated_duration", "estimated"],
]);

/**
 * The same record with the specification's long names replaced by the short ones. A long name beside its short one stays,
 * so that the schema refuses it: neither value may win in silence.
 */
export function withoutAliases(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      const short = ALIASES.get(key);
      return [short === undefined || Object.hasOwn(input, short) ? key : short, value];
    }),
  );
}

/** The estimate of a validated input, in milliseconds, and its normal text. */
export function estimateOf(input: TaskInput): { estimated: string; estimated_ms: number } {
  const estimated_ms = parseDuration(input.estimated) ?? 0;
  return { estimated: formatDuration(estimated_ms), estimated_ms };
}
