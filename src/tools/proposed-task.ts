/** The shape of a task as a model should send it; phase 1 itself judges the values, so that every problem comes back with its cure. */
import { z } from "zod";

export const ProposedTask = z.looseObject({
  id: z.unknown().optional().describe("lower-case-with-dashes; default task_001 …"),
  description: z.unknown().optional().describe("the one change, in full sentences"),
  files: z.unknown().optional().describe('the only paths it may change: exact paths or "dir/**"'),
  estimated: z.unknown().optional().describe("such as 10min; 30min at most"),
  depends_on: z.unknown().optional().describe("ids that must be merged before"),
  locks: z.unknown().optional().describe("names of what only one task may use at a time"),
});
