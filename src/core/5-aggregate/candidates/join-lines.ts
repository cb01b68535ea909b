/** Phase 5.2 — a stretch of lines joined change by change: apart where they are apart, in order where both inserted, by words where both changed a line. */
import type { MergeMethod } from "../../model/merge-method.ts";
import { linesOf } from "../smart-merge/regions.ts";
import { joinInsertions, type Order } from "./join-insertions.ts";
import { joinSequences, sideEdits } from "./join-sequences.ts";
import { joinTokens } from "./join-tokens.ts";

export interface Joined {
  text: string;
  by: Set<MergeMethod>;
}

/** Undefined where both sides changed the same thing, each in its own way. */
export function joinLines(sides: { base: string; ours: string; theirs: string }, order: Order): Joined | undefined {
  const by = new Set<MergeMethod>();
  const sequences = { base: linesOf(sides.base), ours: linesOf(sides.ours), theirs: linesOf(sides.theirs) };
  const edits = sideEdits(sequences);
  if (edits === undefined) return undefined;
  const joined = joinSequences(sequences.base, edits, (place) => {
    const inserted = joinInsertions(place, order);
    if (inserted !== undefined) {
      by.add("insertions");
      return inserted;
    }
    const words = joinTokens(place, order);
    if (words === undefined) return undefined;
    by.add("tokens");
    return [words];
  });
  if (joined === undefined) return undefined;
  if (by.size === 0) by.add("adjacent_lines");
  return { text: joined.join(""), by };
}
