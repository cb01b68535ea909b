/** Verdict of a check on a state: kept while an aggregation lasts, so that no state is tested twice, not even after a crash. */
import { z } from "zod";

export const Verdict = z.object({
  /** object id of the tested tree */
  tree: z.string(),
  /** the accepted commits that are in it, abbreviated and sorted; none for the base */
  sources: z.array(z.string()),
  check: z.string(),
  /** what was run: the check's own command, or one narrowed to the tests that had failed */
  command: z.array(z.string()),
  passed: z.boolean(),
  duration_ms: z.number().int(),
  output: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;
