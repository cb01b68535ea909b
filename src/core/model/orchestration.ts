/** `orchestration:` — one workflow, carried out for several instances at once, as it is asked for and as a run keeps it. */
import { z } from "zod";
import { Failure } from "./failure.ts";
import { MAX_BODY, MAX_TITLE } from "./issue.ts";
import { CheckResult } from "./report.ts";
import { ScopePattern } from "./scope-pattern.ts";
import { MAX_OUTPUT } from "./task-output.ts";
import { Workflow } from "./workflow.ts";

const MAX_INSTANCES = 50;
/** Task ids begin with it, and have 64 characters at most. */
export const MAX_INSTANCE_ID = 30;

/** Branch name that git accepts and no shell has to quote. */
const BranchName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "must be a branch name of letters, digits, dot, dash, slash, underscore")
  .refine((name) => !/\.\.|\/\/|\/\.|\.(?=\/|$)|\/$|\.lock(?=\/|$)/.test(name), {
    message: "is no branch name for git",
  });

const InstanceId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,29}$/,
    `must be lower case letters, digits, dash, underscore (${MAX_INSTANCE_ID} at most)`,
  );

/** One instance as a file or a client writes it: what it is about, in exactly one of the first four fields. */
export const InstanceInput = z
  .strictObject({
    feature: z.string().trim().min(1).max(MAX_BODY).optional(),
    bug: z.string().trim().min(1).max(MAX_BODY).optional(),
    issue: z.union([z.string(), z.number().int()]).optional(),
    target: ScopePattern.optional(),
    id: InstanceId.optional(),
    branch: BranchName.optional(),
    registry: ScopePattern.optional(),
  })
  .refine(
    ({ feature, bug, issue, target }) => [feature, bug, issue, target].filter((v) => v !== undefined).length === 1,
    {
      message: "needs exactly one of feature, bug, issue and target",
    },
  );
export type InstanceInput = z.infer<typeof InstanceInput>;

export const OrchestrationInput = z
  .strictObject({
    /** name or number: `202_ADW_BUG_FIXING`, `202`, `bug_fixing` */
    workflow: z.union([z.string().trim().min(1), z.number().int()]),
    instances: z.array(InstanceInput).min(1).max(MAX_INSTANCES).optional(),
    /** `#101`, or paths of files and folders with issues */
    issues: z
      .array(z.union([z.string(), z.number().int()]))
      .min(1)
      .max(MAX_INSTANCES)
      .optional(),
    /** false: one instance after the other */
    parallel: z.boolean().default(true),
    /** `after_phase_3`, or `none` */
    sync_point: z.string().optional(),
    /** commits of an instance that began with an issue say `Closes #n` */
    closes_issues: z.boolean().optional(),
  })
  .refine(({ instances, issues }) => instances !== undefined || issues !== undefined, {
    message: "needs instances or issues",
  });
export type OrchestrationInput = z.infer<typeof OrchestrationInput>;

export const WorkflowInstance = z.object({
  id: z.string(),
  /** one line, for people */
  title: z.string().max(MAX_TITLE + 100),
  /** what is asked for, as its author wrote it: data */
  request: z.string().max(MAX_OUTPUT),
  issue: z.object({ ref: z.string(), number: z.number().int().optional(), url: z.string().optional() }).optional(),
  branch: z.string().optional(),
  target: z.string().optional(),
  registry: z.string().optional(),
});
export type WorkflowInstance = z.infer<typeof WorkflowInstance>;

/** The workflow of a run as it was when the run began: what files say later changes nothing. */
export const WorkflowRun = z.object({
  workflow: Workflow,
  instances: z.array(WorkflowInstance),
  parallel: z.boolean(),
  /** the phase after which all instances meet; null: nowhere */
  sync_after: z.string().nullable(),
  closes_issues: z.boolean(),
});
export type WorkflowRun = z.infer<typeof WorkflowRun>;

/** A sync point that was reached: what all instances had together there, and whether it passed the checks. */
const ReachedSync = z.object({
  phase_id: z.string(),
  commit: z.string(),
  at: z.number().int(),
  /** null: no check is configured */
  passed: z.boolean().nullable(),
  checks: z.array(CheckResult),
  /** the tasks whose changes met there */
  tasks: z.array(z.string()),
});

/** Part of a workflow's state that cannot be worked out from tasks and attempts. */
export const WorkflowState = z.object({
  sync: ReachedSync.optional(),
  /** instances that go no further although none of their tasks failed, with the reason */
  aside: z.array(z.object({ instance: z.string(), error: Failure })),
});
export type WorkflowState = z.infer<typeof WorkflowState>;
