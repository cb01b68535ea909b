/** A workflow as data: phases with access, instructions, outputs and gates, carried out once per instance ("Integration with other ADWs"). */
import { z } from "zod";
import { DurationText } from "./duration.ts";
import { Name } from "./identifier.ts";
import { ScopePattern } from "./scope-pattern.ts";
import { DEFAULT_ESTIMATE, TaskAccess } from "./task.ts";
import { OutputPart } from "./task-output.ts";
import { workflowProblems } from "./workflow-problems.ts";

const MAX_INSTRUCTIONS = 8_000;
const MAX_PHASES = 20;

/** `phase_3_execution`: its number orders it for people and sync points, its word names its tasks. */
const WorkflowPhaseId = z
  .string()
  .regex(/^phase_\d{1,2}_[a-z][a-z0-9_]{0,19}$/, "must look like phase_3_execution: a number and a word of lower case");

/**
 * Effect of one instance's failure on the run:
 * - `isolate_and_continue` — the instance goes no further, what it had done stays in
 * - `stop_and_rollback` — it stops, and nothing of it is in the result
 * - `stop_and_escalate` — the same, and a person is asked to look at it
 */
export const FAILURE_HANDLINGS = ["isolate_and_continue", "stop_and_rollback", "stop_and_escalate"] as const;
export const InstanceFailureHandling = z.enum(FAILURE_HANDLINGS);
export type InstanceFailureHandling = z.infer<typeof InstanceFailureHandling>;

/** A path with variables of the instance: `{target}/**`. */
const ScopeTemplate = z.string().superRefine((entry, context) => {
  const filled = ScopePattern.safeParse(entry.replace(/\{(target|registry)\}/g, "x"));
  if (filled.success) return;
  context.addIssue({
    code: "custom",
    message: `${filled.error.issues[0]?.message}; variables are {target}, {registry}`,
  });
});

/** Where a writing phase may write: what an earlier phase declared, or fixed paths. Without either the phase declares it first. */
const PhaseScope = z.union([
  z.strictObject({ from: WorkflowPhaseId }),
  z.strictObject({ files: z.array(ScopeTemplate).min(1).max(200) }),
]);

export const WorkflowPhase = z.strictObject({
  id: WorkflowPhaseId,
  name: z.string().trim().min(1).max(60),
  access: TaskAccess,
  instructions: z.string().trim().min(1).max(MAX_INSTRUCTIONS),
  /** earlier phases whose outputs its agents are given */
  inputs: z.array(WorkflowPhaseId).default([]),
  outputs: z.array(OutputPart).default([]),
  scope: PhaseScope.optional(),
  /** phases that must have succeeded; default: the one before */
  gates: z.array(WorkflowPhaseId).optional(),
  failure_handling: InstanceFailureHandling.optional(),
  /** the operator's `validate` checks on this phase's result: must they pass, or fail (a test before its fix)? */
  checks: z.enum(["must_pass", "must_fail"]).optional(),
  agent: Name.optional(),
  estimated: DurationText.default(DEFAULT_ESTIMATE),
  locks: z.array(Name).default([]),
  /** the agent may find that there is nothing to change */
  allow_empty: z.boolean().default(false),
});
export type WorkflowPhase = z.infer<typeof WorkflowPhase>;

export const Workflow = z
  .strictObject({
    id: z.string().regex(/^\d{1,4}_[A-Z][A-Z0-9_]{0,59}$/, "must look like 201_ADW_FEATURE_DEVELOPMENT"),
    name: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "must look like feature_development"),
    description: z.string().trim().min(1).max(500),
    failure_handling: InstanceFailureHandling.default("isolate_and_continue"),
    /** where all instances meet, unless a run says otherwise */
    sync_point: z.string().optional(),
    /** `alphabetical`: instances by what they are about, so that the same set gives the same result however it was listed */
    order: z.enum(["as_given", "alphabetical"]).default("as_given"),
    /** values of scope variables that an instance need not give */
    defaults: z.strictObject({ registry: ScopePattern.optional() }).default({}),
    phases: z.array(WorkflowPhase).min(1).max(MAX_PHASES),
  })
  .superRefine((workflow, context) => {
    for (const { path, message } of workflowProblems(workflow)) {
      context.addIssue({ code: "custom", path, message });
    }
  });
export type Workflow = z.infer<typeof Workflow>;
