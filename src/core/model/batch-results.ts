/** `$batch_results`: what every task of every batch came to. */
import { z } from "zod";
import { Enforcement } from "./boundary.ts";
import { Failure, FailureCode } from "./failure.ts";
import { ScopeRefusal } from "./scope-request.ts";
import { Usage } from "./usage.ts";

export const TaskStatus = z.enum(["pending", "running", "success", "failed", "skipped"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskChange = z.object({
  commit: z.string().optional(),
  files: z.array(z.string()),
  insertions: z.number().int(),
  deletions: z.number().int(),
});
export type TaskChange = z.infer<typeof TaskChange>;

export const TaskResult = z.object({
  task_id: z.string(),
  status: TaskStatus,
  attempts: z.number().int(),
  boundary: Enforcement,
  result: TaskChange.optional(),
  error: Failure.nullable(),
  /** file with all that its last attempt printed; where the task did not succeed */
  log: z.string().optional(),
  duration: z.string().optional(),
  duration_ms: z.number().int().optional(),
  /** scope entries that were granted to it beyond those it declares */
  granted: z.array(z.string()).optional(),
  /** scope entries that it asked for and did not get */
  refused: z.array(ScopeRefusal).optional(),
  /** paths that it changed and that run something or steer others, with what they are */
  steering: z.array(z.object({ path: z.string(), what: z.string() })).optional(),
  /** lines of its attempts' output which say that the sandbox refused them to write */
  refused_writes: z.array(z.string()).optional(),
  /** what was noticed during its attempts and fails nothing */
  notes: z.array(z.string()).optional(),
  /** what attempts did that was not accepted, and where to find it */
  kept: z
    .array(
      z.object({
        attempt: z.number().int(),
        ref: z.string().optional(),
        patch: z.string().optional(),
        files: z.array(z.string()),
      }),
    )
    .optional(),
  /** of all attempts together; absent when no agent said */
  usage: Usage.optional(),
});
export type TaskResult = z.infer<typeof TaskResult>;

export const BatchStatus = z.enum(["pending", "running", "complete", "partial", "failed"]);

export const BatchResult = z.object({
  batch_id: z.number().int(),
  status: BatchStatus,
  tasks: z.array(TaskResult),
  duration: z.string(),
  duration_ms: z.number().int(),
});
export type BatchResult = z.infer<typeof BatchResult>;

export const BatchResults = z.object({
  batches: z.array(BatchResult),
  overall_status: BatchStatus,
  failures: z.array(z.object({ task_id: z.string(), code: FailureCode, message: z.string() })),
  retries: z.array(z.object({ task_id: z.string(), attempt: z.number().int(), reason: z.string() })),
});
export type BatchResults = z.infer<typeof BatchResults>;
