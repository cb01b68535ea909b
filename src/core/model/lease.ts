/** Delegated work: an attempt that a chat client carries out, from the offer to the submission; the row that outlives server and client. */
import { z } from "zod";
import { Violation } from "./attempt.ts";

/**
 * - `offered`: its workspace is ready and nobody works in it
 * - `claimed`: a client works in it until `expires_at`, which every call that names the lease puts off
 * - `submitted`: the client is done; the verdict is being found
 * - `ended`: the verdict is in the attempt, or the client fell silent
 */
export const LeaseState = z.enum(["offered", "claimed", "submitted", "ended"]);

export const Outcome = z.enum(["done", "failed", "abandoned"]);
export type Outcome = z.infer<typeof Outcome>;

export const Submission = z.object({
  outcome: Outcome,
  summary: z.string().optional(),
  /** changes that came with the submission and name no place in the workspace */
  refused: z.array(Violation),
});
export type Submission = z.infer<typeof Submission>;

export const Lease = z.object({
  run_id: z.string(),
  task_id: z.string(),
  attempt: z.number().int().min(1),
  state: LeaseState,
  /** rises with every write; a writer that has seen an older one is refused */
  version: z.number().int().min(1),
  /** SHA-256 of the token: the token itself is with the client alone */
  token_hash: z.string().optional(),
  claimed_at: z.number().int().optional(),
  expires_at: z.number().int().optional(),
  submission: Submission.optional(),
});
export type Lease = z.infer<typeof Lease>;
