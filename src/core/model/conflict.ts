/** Phase 5.2: two tasks changed the same place, or what one relies on; a durable object with both versions, until a person decides. */
import { z } from "zod";
import { MergeMethod } from "./merge-method.ts";

export const Strategy = z.enum(["first_wins", "last_wins", "manual", "smart_merge", "first_wins_with_merge"]);
export type Strategy = z.infer<typeof Strategy>;

export const Choice = z.enum(["ours", "theirs", "both", "edited"]);
export type Choice = z.infer<typeof Choice>;

/** A file's content on one side: absent there, text, or too large or binary to show. */
export const Version = z.object({
  state: z.enum(["absent", "text", "binary", "too_large"]),
  mode: z.string().optional(),
  blob: z.string().optional(),
  content: z.string().optional(),
});
export type Version = z.infer<typeof Version>;

/**
 * Kind of incompatibility between two sides whose lines merge. `removed`, `renamed`, `moved` and `interface`: one side took away or changed
 * what the other newly uses. `duplicate`, `migration` and `route`: both sides added the same thing.
 */
export const SemanticKind = z.enum([
  "removed",
  "renamed",
  "moved",
  "interface",
  "deleted_file",
  "duplicate",
  "migration",
  "route",
]);
export type SemanticKind = z.infer<typeof SemanticKind>;

/** The place at the other end of a semantic conflict: the definition that went or changed, or the other addition. */
export const SemanticPlace = z.object({
  kind: SemanticKind,
  path: z.string(),
  line: z.number().int(),
  /** the lines of the definition in the base, or where that task found it; and as they are after the other task, absent when gone */
  before: z.string().optional(),
  after: z.string().optional(),
});
export type SemanticPlace = z.infer<typeof SemanticPlace>;

/** A way to join the two sides that was tested: the steps that made it, and the check that failed with it. */
export const JudgedCandidate = z.object({
  by: z.array(MergeMethod),
  passed: z.boolean(),
  check: z.string().exactOptional(),
  /** tail of what the check printed */
  output: z.string().exactOptional(),
});
export type JudgedCandidate = z.infer<typeof JudgedCandidate>;

/** `ours` is what was integrated before, `theirs` is the change of the last task in `tasks`. */
export const Conflict = z.object({
  conflict_id: z.string(),
  kind: z.enum(["textual", "semantic"]),
  path: z.string(),
  tasks: z.array(z.string()),
  ours: Version,
  theirs: Version,
  base: Version,
  why: z.string(),
  /** the file as it would be merged; where that is not decided, with both versions between conflict markers */
  proposal: z.string().optional(),
  /** ways to join the two that were tested, in the order they were tried */
  candidates: z.array(JudgedCandidate).optional(),
  /** semantic: what it is about, the line of `path` that uses or adds it, how sure it is (0 to 1), and the place at the other end */
  symbol: z.string().optional(),
  line: z.number().int().optional(),
  confidence: z.number().optional(),
  other: SemanticPlace.optional(),
});
export type Conflict = z.infer<typeof Conflict>;

/** A person's answer to one conflict; `blob` is the chosen content, absent when the file is to be deleted. */
export const Decision = z.object({
  conflict_id: z.string(),
  choice: Choice,
  mode: z.string().optional(),
  blob: z.string().optional(),
  /** the text of choice `edited`: it outlives git's own clean-up */
  content: z.string().optional(),
  /** the conflict's sides when it was decided: a changed side asks again */
  sides: z.string(),
  decided_at: z.number().int(),
  /** the run a person decided it in, where it is applied again in a later one */
  remembered_from: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

/** True while a text still has places to decide, between the markers that a proposal shows them with. */
export function hasMarkers(text: string): boolean {
  return /^(<{7} ours|\|{7} base|>{7} theirs)/m.test(text);
}
