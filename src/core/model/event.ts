/** Events of a run, as one union: the source of progress, the command line, the store and views alike. */
import { z } from "zod";
import { TaskStatus } from "./batch-results.ts";
import { Failure } from "./failure.ts";
import { PhaseId } from "./phase.ts";

export const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run_created"), request: z.string() }),
  z.object({ type: z.literal("phase_finished"), phase: PhaseId, summary: z.string() }),
  z.object({ type: z.literal("run_taken_over"), reason: z.string() }),
  z.object({ type: z.literal("batch_started"), batch_id: z.number(), tasks: z.array(z.string()) }),
  z.object({ type: z.literal("task_started"), task_id: z.string(), attempt: z.number() }),
  z.object({ type: z.literal("task_retried"), task_id: z.string(), attempt: z.number(), error: Failure }),
  z.object({ type: z.literal("task_finished"), task_id: z.string(), status: TaskStatus, error: Failure.optional() }),
  z.object({ type: z.literal("task_claimed"), task_id: z.string(), attempt: z.number(), expires_at: z.number() }),
  z.object({ type: z.literal("lease_expired"), task_id: z.string(), attempt: z.number() }),
  z.object({ type: z.literal("task_submitted"), task_id: z.string(), attempt: z.number(), outcome: z.string() }),
  z.object({
    type: z.literal("scope_decided"),
    task_id: z.string(),
    request_id: z.string(),
    status: z.string(),
    granted: z.array(z.string()),
    refused: z.array(z.string()),
  }),
  z.object({ type: z.literal("budget_spent"), reason: z.string() }),
  z.object({ type: z.literal("task_merged"), task_id: z.string(), commit: z.string(), outcome: z.string() }),
  z.object({
    type: z.literal("conflict_found"),
    conflict_id: z.string(),
    tasks: z.array(z.string()),
    path: z.string(),
  }),
  z.object({ type: z.literal("conflict_decided"), conflict_id: z.string(), choice: z.string() }),
  z.object({ type: z.literal("sync_point"), batch_id: z.number(), commit: z.string() }),
  z.object({
    type: z.literal("instances_met"),
    phase_id: z.string(),
    commit: z.string(),
    passed: z.boolean().nullable(),
  }),
  /** `state` says which tasks are in the tested state, when it is not all of them */
  z.object({ type: z.literal("check_started"), check: z.string(), state: z.string().optional() }),
  z.object({
    type: z.literal("check_finished"),
    check: z.string(),
    passed: z.boolean(),
    state: z.string().optional(),
  }),
  z.object({ type: z.literal("culprit_found"), task_id: z.string(), with: z.array(z.string()), check: z.string() }),
  z.object({ type: z.literal("tasks_added"), tasks: z.array(z.string()) }),
  z.object({ type: z.literal("retry_begun"), tasks: z.array(z.string()) }),
  z.object({ type: z.literal("scope_grown"), task_id: z.string(), files: z.array(z.string()) }),
  /** `amendment`: its number among those of all runs */
  z.object({ type: z.literal("amendment_refused"), message: z.string(), amendment: z.number().optional() }),
  z.object({ type: z.literal("replanned"), why: z.string() }),
  z.object({ type: z.literal("pause_requested") }),
  z.object({ type: z.literal("cancel_requested"), reason: z.string() }),
  z.object({ type: z.literal("run_finished"), state: z.string(), summary: z.string() }),
]);
export type Event = z.infer<typeof Event>;

/** An event as stored: `seq` orders the events of all runs, `at` is milliseconds since 1970. */
export type StoredEvent = Event & { seq: number; run_id: string; at: number };
