/** `##report`: the specification's aggregate report, with the proof that nothing was lost on the way. */
import { z } from "zod";
import { TaskResult } from "./batch-results.ts";
import { InstanceReport } from "./instance-report.ts";
import { MergedPath } from "./integration.ts";
import { Usage } from "./usage.ts";

export const CheckResult = z.object({
  check: z.string(),
  passed: z.boolean(),
  duration_ms: z.number().int(),
  output: z.string(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** An accepted task that is left out because the combination fails with it; `repaired` when another attempt of it landed after all. */
export const Culprit = z.object({
  task_id: z.string(),
  /** the tasks it clashes with; empty when it fails without any other */
  with: z.array(z.string()),
  check: z.string(),
  output: z.string(),
  repaired: z.boolean(),
});
export type Culprit = z.infer<typeof Culprit>;

export const Validation = z.object({
  checks: z.array(CheckResult),
  /** null: no check is configured, so nothing was proven */
  passed: z.boolean().nullable(),
  duration_ms: z.number().int(),
  culprits: z.array(Culprit).default([]),
  /** accepted tasks that are left out with a culprit, because they build on it, or because the search ended before them */
  set_aside: z.array(z.object({ task_id: z.string(), why: z.string() })).default([]),
  /** checks that failed once and passed when they were run again on the same state */
  flaky: z.array(z.string()).default([]),
  /** checks that fail on the commit the run started from: no task is to blame for them */
  base_failed: z.array(z.string()).default([]),
  /** why the verdicts contradict each other, so that nobody is blamed */
  inconsistent: z.string().optional(),
  /** how many states were tested */
  runs: z.number().int().default(0),
});
export type Validation = z.infer<typeof Validation>;

export const Dropped = z.object({ task_id: z.string(), path: z.string(), decision: z.string() });

export const Loss = z.object({
  /** hunks in the accepted changes of all tasks; a binary, mode-only or whole-file entry counts as one */
  hunks: z.number().int(),
  /** hunks that are in the result, or listed in `dropped` with the decision that left them out */
  accounted: z.number().int(),
  dropped: z.array(Dropped),
});
export type Loss = z.infer<typeof Loss>;

/** Usage as the run's agents reported it; `attempts_unreported` is the number of attempts without such a report. */
export const Cost = Usage.extend({ attempts_unreported: z.number().int() });
export type Cost = z.infer<typeof Cost>;

/**
 * How sure a merge of two changes is. `proven`: git merged it, and the checks pass. `verified`: Forkjoin or a person joined it, and the
 * checks pass. `unverified`: no check says anything about it.
 */
export const Verification = z.enum(["proven", "verified", "unverified"]);

/** A path that two tasks changed, put together for `task_id` by these steps of the merge; `checks` are those that verify it. */
export const ReportedMerge = MergedPath.extend({
  task_id: z.string(),
  verification: Verification.exactOptional(),
});
export type ReportedMerge = z.infer<typeof ReportedMerge>;

export const FinalStatus = z.enum(["success", "partial", "failed"]);
export type FinalStatus = z.infer<typeof FinalStatus>;

export const Report = z.object({
  workflow: z.literal("parallel_orchestration"),
  run_id: z.string(),
  tasks_total: z.number().int(),
  tasks_succeeded: z.number().int(),
  tasks_failed: z.number().int(),
  tasks_skipped: z.number().int(),
  parallel_efficiency: z.number(),
  batches_executed: z.number().int(),
  conflicts_resolved: z.number().int(),
  conflicts_open: z.array(z.string()),
  /** how each path that two tasks changed was merged, in merge order; `remembered`: by a person's decision in an earlier run */
  merges: z.array(ReportedMerge).default([]),
  final_status: FinalStatus,
  summary: z.string(),
  branch: z.string().nullable(),
  commit: z.string(),
  /** what the results were put on, where that is not the run's base */
  onto: z.object({ ref: z.string(), commit: z.string() }).optional(),
  validation: Validation,
  loss: Loss,
  tasks: z.array(TaskResult),
  timings: z.object({
    wall: z.string(),
    wall_ms: z.number().int(),
    work: z.string(),
    work_ms: z.number().int(),
    validation_ms: z.number().int(),
  }),
  cost: Cost,
  /** of a run with a workflow: which one, and what each instance came to */
  workflow_id: z.string().optional(),
  instances: z.array(InstanceReport).optional(),
});
export type Report = z.infer<typeof Report>;
