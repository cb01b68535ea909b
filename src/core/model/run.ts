/** A run: one request on its way through the phases, from a fixed base commit. */

import { z } from "zod";
import { AgentConfiguration, CheckConfiguration, Configuration } from "./configuration.ts";
import { OrderingKind, SameFile } from "./dependency-graph.ts";
import { Failure } from "./failure.ts";
import { Limits } from "./limits.ts";
import { PhaseId } from "./phase.ts";
import { RunOwner } from "./run-owner.ts";

/**
 * - `open` — between phases: the next phase has not been asked for
 * - `executing`, `aggregating` — a process owns the run and works on it
 * - `interrupted` — it was being worked on and its process is gone: resume goes on
 * - `paused` — it was asked to start nothing more, and what ran has ended: resume goes on
 * - `awaiting_review` — a person has to decide conflicts
 * - `complete`, `failed`, `cancelled` — ended
 */
export const RunState = z.enum([
  "open",
  "executing",
  "aggregating",
  "interrupted",
  "paused",
  "awaiting_review",
  "complete",
  "failed",
  "cancelled",
]);
export type RunState = z.infer<typeof RunState>;

/** The configuration as it was when the run began: a resumed run goes on under the rules it started with. */
export const RunSettings = Configuration.pick({
  max_parallel: true,
  lease: true,
  budget: true,
  scope_requests: true,
  mode: true,
  sandbox: true,
  objective: true,
  pools: true,
  setup: true,
  share_packages: true,
  copy: true,
  validate: true,
  culprit_search: true,
  conflict_resolution: true,
  same_file: true,
  merge: true,
  squash: true,
  failure_handling: true,
  allow_task_commands: true,
}).extend({
  limits: Limits.optional(),
  agent: z.string().optional(),
  /** the branch, tag or commit the results are put on, as it stands at the end; the run's base when absent */
  onto: z.string().optional(),
  agents: z.record(z.string(), AgentConfiguration),
  checks: z.record(z.string(), CheckConfiguration),
  /** how phase 2 was asked to look at the tasks: tasks added later are looked at in the same way */
  analysis: z.object({ same_file: SameFile, ordering: z.array(OrderingKind).optional() }).optional(),
});
export type RunSettings = z.infer<typeof RunSettings>;

export const Run = z.object({
  run_id: z.string(),
  repository: z.string(),
  request: z.string(),
  base_ref: z.string(),
  base_commit: z.string(),
  state: RunState,
  /** the last phase that finished; absent before the first */
  phase: PhaseId.optional(),
  settings: RunSettings,
  warnings: z.array(z.string()),
  cancel_requested: z.boolean(),
  /** what runs is finished, nothing more is started */
  pause_requested: z.boolean().optional(),
  /** why nothing more is started, since a budget was found spent, or the disk full */
  budget_spent: Failure.optional(),
  /** begun to look at its plan: it counts as a run when it is carried out */
  trial: z.boolean().optional(),
  /** every batch was asked for, not only the next one */
  all_batches: z.boolean().optional(),
  owner: RunOwner.optional(),
  /** rises with every piece of work that owns the run; a write of an earlier one is refused */
  epoch: z.number().int(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
  error: Failure.optional(),
});
export type Run = z.infer<typeof Run>;
