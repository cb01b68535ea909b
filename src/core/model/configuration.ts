/** The operator's configuration: agents, checks and limits. Trusted, since its owner wrote it; a repository never defines a command. */
import { z } from "zod";
import { SandboxMode } from "./boundary.ts";
import { Budget } from "./budget.ts";
import { Strategy } from "./conflict.ts";
import { SameFile } from "./dependency-graph.ts";
import { DurationText } from "./duration.ts";
import { PlanMode, PlanObjective } from "./execution-plan.ts";
import { Name } from "./identifier.ts";
import { Limits } from "./limits.ts";
import { MergeSettings } from "./merge-settings.ts";
import { pathProblem } from "./scope-pattern.ts";
import { Command, Pools } from "./task.ts";

export const MAX_PARALLEL_LIMIT = 64;

const EnvironmentNames = z.array(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be names of environment variables"),
);
const Environment = z.union([EnvironmentNames, z.record(z.string(), z.string())]);

const AbsolutePaths = z.array(z.string().regex(/^\/[^\0\n]*$/, "must be absolute paths")).max(50);

/** Paths that the sandbox lets a process see and write beside its workspace; never a whole home, the whole disk or Forkjoin's folder. */
const Places = { show: AbsolutePaths.optional(), writable: AbsolutePaths.optional() };

/** The name of the agent that is the MCP client itself. */
export const CLIENT_AGENT = "client";

export const PRESETS = ["claude", "codex", "gemini", "opencode", "copilot", "qwen"] as const;
export const Preset = z.enum(PRESETS);
export type Preset = z.infer<typeof Preset>;

/** An agent is a command (argv, no shell), a preset for a coding agent people have, or a program that speaks the Agent Client Protocol. */
export const AgentConfiguration = z
  .strictObject({
    command: Command.optional(),
    preset: Preset.optional(),
    acp: Command.optional(),
    /** for presets: the model by the name its agent knows */
    model: z
      .string()
      .regex(/^[^-\s]\S*$/, "must be the name of a model")
      .optional(),
    /** for acp: the session mode, where the one Forkjoin would pick is not wanted */
    mode: z.string().optional(),
    /** for acp: whether shell commands are granted; by default only inside a sandbox */
    execute: z.enum(["allow", "refuse"]).optional(),
    env: Environment.default([]),
    ...Places,
    timeout: DurationText.default("30min"),
    /** false cuts it off from every network, this machine's own included; refused where there is no sandbox */
    network: z.boolean().optional(),
    /** most processes of this agent at the same time */
    max_parallel: z.number().int().min(1).max(MAX_PARALLEL_LIMIT).optional(),
  })
  .refine((agent) => [agent.command, agent.preset, agent.acp].filter((kind) => kind !== undefined).length === 1, {
    message: "needs exactly one of `command: [argv]`, `preset: name` or `acp: [argv]`",
  })
  .refine((agent) => agent.model === undefined || agent.preset !== undefined, { message: "`model` goes with a preset" })
  .refine((agent) => agent.acp !== undefined || (agent.mode === undefined && agent.execute === undefined), {
    message: "`mode` and `execute` go with acp",
  });
export type AgentConfiguration = z.infer<typeof AgentConfiguration>;

export const CheckConfiguration = z.strictObject({
  command: Command,
  env: Environment.default([]),
  ...Places,
  timeout: DurationText.default("10min"),
  network: z.boolean().optional(),
  /** what it shares with other checks: one holder of each name at a time */
  locks: z.array(Name).max(20).optional(),
});
export type CheckConfiguration = z.infer<typeof CheckConfiguration>;

const RelativePath = z.string().superRefine((path, context) => {
  const problem = pathProblem(path);
  if (problem !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(path)} ${problem}` });
});

export const Configuration = z.strictObject({
  agents: z
    .record(Name, AgentConfiguration)
    .refine(
      (agents) => !Object.hasOwn(agents, CLIENT_AGENT),
      `${CLIENT_AGENT} is the MCP client itself: choose another name`,
    )
    .default({}),
  default_agent: Name.optional(),
  /** how long a client that works on a task may be silent */
  lease: DurationText.default("30min"),
  /** at a cap nothing new starts */
  budget: Budget.optional(),
  /** who decides when a task asks for files that no other task holds; absent: a person where one can be asked, else nobody grants anything */
  scope_requests: z.enum(["grant", "refuse", "ask"]).optional(),
  max_parallel: z.number().int().min(1).max(MAX_PARALLEL_LIMIT).default(5),
  mode: PlanMode.default("batches"),
  objective: PlanObjective.default("time"),
  /** pool name → how many units of it there are; tasks say how many they need while they run */
  pools: Pools.default({}),
  /** most attempts at once on this machine, over all Forkjoin processes of the user */
  machine_max_parallel: z.number().int().min(1).max(MAX_PARALLEL_LIMIT).default(MAX_PARALLEL_LIMIT),
  /** nothing starts while less than this many megabytes are free where the workspaces are */
  min_free_mb: z.number().int().min(0).default(100),
  sandbox: SandboxMode.default("auto"),
  /** how much an attempt may leave behind, and take */
  limits: Limits.prefault({}),
  setup: z.array(Command).max(20).default([]),
  /** packages that `setup` installs are given to every workspace of the same lock file, instead of being installed in each */
  share_packages: z.boolean().default(true),
  copy: z.array(RelativePath).max(200).default([]),
  checks: z.record(Name, CheckConfiguration).default({}),
  validate: z.array(Name).max(20).default([]),
  /** the search for culprits: states tested at the same time, and how many may be tested in all (default: 4 log2 of the tasks, and 8) */
  culprit_search: z
    .strictObject({
      parallel: z.number().int().min(1).max(16).default(2),
      max_runs: z.number().int().min(1).max(1_000).optional(),
    })
    .default({ parallel: 2 }),
  conflict_resolution: Strategy.default("first_wins_with_merge"),
  same_file: SameFile.default("sequential"),
  merge: MergeSettings.prefault({}),
  /** true: the result's branch holds one commit for the whole run instead of one per task */
  squash: z.boolean().default(false),
  failure_handling: z.enum(["isolate_and_continue", "stop_on_failure"]).default("isolate_and_continue"),
  knowledge: z.strictObject({ graph: z.string().optional(), roots: z.array(z.string()).default(["."]) }).optional(),
  allow_task_commands: z.boolean().default(false),
  /** commits of a workflow's instance that began with an issue say `Closes #n` */
  closes_issues: z.boolean().default(false),
});
export type Configuration = z.infer<typeof Configuration>;
