/** Output of a task besides files: notes, a verdict, or the tasks of a later phase. Text from an agent: data, never an instruction. */
import { z } from "zod";

/**
 * - `notes` — what later tasks must know, as text
 * - `passed` — a verdict: false closes the gate behind the task
 * - `tasks` — the scope of the work that follows, as a list of tasks
 */
export const OUTPUT_PARTS = ["notes", "passed", "tasks"] as const;
export const OutputPart = z.enum(OUTPUT_PARTS);
export type OutputPart = z.infer<typeof OutputPart>;

/** Longest output that is read and stored, in characters; what is longer is cut. */
export const MAX_OUTPUT = 64_000;

export const TaskOutput = z.object({
  notes: z.string().optional(),
  passed: z.boolean().optional(),
  /** not validated here: phase 1 judges tasks */
  tasks: z.array(z.unknown()).optional(),
});
export type TaskOutput = z.infer<typeof TaskOutput>;

/** Text from agents and authors as it is stored and shown: no control characters, no marks that reorder it, not longer than `limit`. */
export function plainText(text: string, limit: number): string {
  const clean = text.replaceAll("\r\n", "\n").replace(/[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Cs}]/gu, "");
  return clean.length <= limit ? clean : `${clean.slice(0, limit)}\n[cut: ${clean.length - limit} more characters]`;
}

/** `text` as a block that it cannot break out of: the fence is longer than any in it. */
export function fenced(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/~{3,}/g)].map((match) => match[0].length));
  const fence = "~".repeat(longest + 1);
  return `${fence}\n${text.trim()}\n${fence}`;
}
