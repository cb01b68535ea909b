/** How much an attempt may leave behind, and take: beyond a limit it fails by that name, and the run goes on. */
import { z } from "zod";
import { DurationText, parseDuration } from "./duration.ts";

const COUNT = "must be a whole number, 1 or more";
const Count = z.number(COUNT).int(COUNT).min(1, COUNT);

export const Limits = z.strictObject({
  /** megabytes of one changed file */
  file_mb: Count.default(100),
  /** megabytes of all changed files of an attempt */
  changes_mb: Count.default(1_000),
  /** changed files of an attempt */
  files: Count.default(20_000),
  /** folders in folders */
  depth: Count.default(100),
  /** processes and threads of an attempt at the same time; Linux, and not for root */
  processes: Count.default(4_096),
  /** megabytes of memory for each process of an attempt; Linux, no limit when absent */
  memory_mb: Count.optional(),
  /** how long the look at what an attempt left may take */
  verification: DurationText.default("10min"),
});
export type Limits = z.infer<typeof Limits>;

export const DEFAULT_LIMITS: Limits = Limits.parse({});

/** Limits that the system is to hold while a process works. */
export type ProcessLimits = Pick<Limits, "processes" | "memory_mb">;

/** A limit that nothing on this machine holds. */
export interface UnheldLimit {
  key: keyof ProcessLimits;
  why: string;
}

/** Limits of one reading of the disk. */
export interface ReadLimits {
  depth: number;
  deadline_ms: number;
}

export function readLimits({ depth, verification }: Limits): ReadLimits {
  return { depth, deadline_ms: parseDuration(verification) ?? 0 };
}
