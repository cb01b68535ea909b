/** Delegated work: an attempt that a chat client carries out, from the offer to the submission; the row that outlives server and client. */
import { z } from "zod";
import { Violation } from "./attempt.ts";

/**
 * - `offered`: its workspace is ready and nobody works in it
 * - `claimed`: a client works in it until `expires_at`, which every call that names the lease puts off
 * - `closed`: nothing the client does counts any more; what it left is being judged
 * - `ended`: the verdict is in the attempt
 */
export const LeaseState = z.enum(["offered", "claimed", "closed", "ended"]);

/** Outcome of a client's work, in the client's own word. */
export const Outcome = z.enum(["done", "failed", "abandoned"]);

/** How a lease was closed: by the client's own word, by its silence, by a pause before anybody took it, or by the run's end. */
export const Closing = z.object({
  outcome: z.enum([...Outcome.options, "expired", "withdrawn", "cancelled"]),
  summary: z.string().optional(),
  /** changes that came with the submission and name no place in the workspace */
  refused: z.array(Violation),
});
export type Closing = z.infer<typeof Closing>;

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
  closing: Closing.optional(),
});
export type Lease = z.infer<typeof Lease>;
