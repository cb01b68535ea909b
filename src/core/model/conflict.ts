/** Phase 5.2: two tasks changed the same place; a durable object with both versions, until a person decides. */
import { z } from "zod";

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
});
export type Conflict = z.infer<typeof Conflict>;

/** A person's answer to one conflict; `blob` is the chosen content, absent when the file is to be deleted. */
export const Decision = z.object({
  conflict_id: z.string(),
  choice: Choice,
  mode: z.string().optional(),
  blob: z.string().optional(),
  /** the conflict's sides when it was decided: a changed side asks again */
  sides: z.string(),
  decided_at: z.number().int(),
});
export type Decision = z.infer<typeof Decision>;
