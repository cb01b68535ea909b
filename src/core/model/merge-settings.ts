/** How far merging may go without a person: the operator's `merge` settings (phase 5.2). */
import { z } from "zod";
import { Command } from "./task.ts";

/** Unit that `first_wins` and `last_wins` leave out where two tasks clash: the whole losing task, its version of the file, or the clashing lines. */
export const Granularity = z.enum(["task", "file", "hunk"]);
export type Granularity = z.infer<typeof Granularity>;

export const MergeSettings = z.strictObject({
  granularity: Granularity.default("task"),
  /** changes to neighbouring lines that do not overlap are taken both; off, because one in five such merges is wrong */
  adjacent_lines: z.boolean().default(false),
  /** the program `mergiraf`, where it is installed; off for the same reason */
  mergiraf: z.boolean().default(false),
  /** ways to join a conflict that are tested with the checks, and minutes that may take, for each conflict; 0 candidates: none are tried */
  candidates: z.number().int().min(0).max(50).default(6),
  minutes: z.number().positive().max(600).default(10),
  /** `review`: a semantic conflict waits for a person. `off`: it is not looked for */
  semantic: z.enum(["review", "off"]).default("review"),
  /** a decision of an earlier run about the very same three versions is applied again */
  remember: z.boolean().default(true),
  /** lock files that may be written anew by their own tool, by file name: `package-lock.json: [npm, install, --package-lock-only]` */
  lock_files: z.record(z.string().regex(/^[^/\\]+$/, "must be a file name without folders"), Command).default({}),
});
export type MergeSettings = z.infer<typeof MergeSettings>;
