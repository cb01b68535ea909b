/** Phase 5.2 — a stretch of lines joined change by change: apart where they are apart, in order where both inserted, by words where both changed a line. */
import type { MergeMethod } from "../../model/merge-method.ts";
import { linesOf } from "../smart-merge/regions.ts";
import { joinInsertions, type Order } from "./join-insertions.ts";
import { joinSequences } from "./join-sequences.ts";
import { joinTokens } from "./join-tokens.ts";

export interface Joined {
  text: string;
  by: Set<MergeMethod>;
}

/** Undefined where both sides changed the same thing, each in its own way. */
export function joinLines(sides: { base: string; ours: string; theirs: string }, order: Order): Joined | undefined {
  const by = new Set<MergeMethod>();
  const sequences = { base: linesOf(sides.base), ours: linesOf(sides.ours), theirs: linesOf(sides.theirs) };
  const joined = joinSequences(sequences, (place) => {
    const inserted = joinInsertions(place, order);
    if (inserted !== undefined) {
      by.add("insertions");
      return inserted;
    }
    const texts = { base: place.base.join(""), ours: place.ours.join(""), theirs: place.theirs.join("") };
    if (texts.ours === texts.theirs) return place.ours;
    const words = joinTokens(texts, order);
    if (words === undefined) return undefined;
    by.add("tokens");
    return [words];
  });
  if (joined === undefined) return undefined;
  if (by.size === 0) by.add("adjacent_lines");
  return { text: joined.join(""), by };
}
