/** The ways in which two changes of one file are put together, by the names the report uses (phase 5.2). */
import { z } from "zod";

/**
 * The steps of a smart merge, in the order they are tried; then the ways to join that only a green check lets land; and a decision of
 * an earlier run.
 */
export const MergeMethod = z.enum([
  "git",
  "lock_file",
  "keys",
  "imports",
  "versions",
  "adjacent_lines",
  "mergiraf",
  "insertions",
  "tokens",
  "entities",
  "moved_symbol",
  "remembered",
]);
export type MergeMethod = z.infer<typeof MergeMethod>;
