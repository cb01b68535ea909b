/** The merge lane of a run: which results are in, in which order, what was dropped by which decision, what waits for a person. */
import { z } from "zod";
import { Conflict, Strategy } from "./conflict.ts";
import { MergeMethod } from "./merge-method.ts";

/**
 * `merged`: all of it is in. `partial`: some paths dropped or waiting. `held`: nothing of it is in until its conflicts are decided.
 * `dropped`: a strategy or a person left all of it out.
 */
export const MergeOutcome = z.enum(["merged", "partial", "held", "dropped", "empty"]);

/** A path two tasks changed, and which steps put the two together. */
export const MergedPath = z.object({
  path: z.string(),
  by: z.array(MergeMethod),
  /** of a join that landed because of them: the checks that passed with it and fail without the file */
  checks: z.array(z.string()).exactOptional(),
});
export type MergedPath = z.infer<typeof MergedPath>;

export const MergeStep = z.object({
  task_id: z.string(),
  source: z.string(),
  outcome: MergeOutcome,
  commit: z.string(),
  /** paths that this task and an earlier one both changed, and that are settled */
  settled: z.number().int(),
  /** those of them that were merged, and how */
  merged: z.array(MergedPath).default([]),
  /** what did not reach the result, of this task or of an earlier one, and by which decision */
  dropped: z.array(z.object({ task_id: z.string(), path: z.string(), decision: z.string() })),
  /** ids of its undecided conflicts */
  conflicts: z.array(z.string()),
  /** earlier tasks that it took out again as a whole (`last_wins`) */
  replaced: z.array(z.string()).default([]),
  /** what could not be looked at, and why */
  note: z.string().exactOptional(),
});
export type MergeStep = z.infer<typeof MergeStep>;

/**
 * An accepted result that is left out of the combination. `culprit`: with it in, `check` fails. `blocked`: it builds on one that is out.
 * `undecided`: the search for culprits used up its runs before it came to it.
 */
export const SetAside = z.object({
  task_id: z.string(),
  /** the accepted commit: another attempt of the task is another result */
  source: z.string(),
  reason: z.enum(["culprit", "blocked", "undecided"]),
  check: z.string(),
  /** a culprit's partners in the clash, none when it fails alone; what a blocked one builds on */
  with: z.array(z.string()),
  /** tail of what the check printed */
  output: z.string(),
});
export type SetAside = z.infer<typeof SetAside>;

export const Integration = z.object({
  strategy: Strategy,
  base: z.string(),
  tip: z.string(),
  steps: z.array(MergeStep),
  conflicts: z.array(Conflict),
  /** in the order they were found */
  set_aside: z.array(SetAside).default([]),
  /** tasks that were merged when others were begun anew: they stay first, in this order */
  landed: z.array(z.string()).default([]),
});
export type Integration = z.infer<typeof Integration>;
