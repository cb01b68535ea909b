/** Phase 5.2 — one line or statement that both sides changed, joined word by word: what each changed apart from the other. */
import type { Order } from "./join-insertions.ts";
import { joinSequences, type Place, placesOf } from "./join-sequences.ts";

/** Words, numbers with all that belongs to them, spaces, single signs. */
const TOKENS = /\p{N}[\p{L}\p{N}_.]*|[\p{L}_$][\p{L}\p{N}_$]*|\r?\n|[^\S\r\n]+|[^\s\p{L}\p{N}_$]/gu;

export function tokensOf(text: string): string[] {
  return text.match(TOKENS) ?? [];
}

/** Undefined where both changed the same words, or words without an unchanged one between them. */
export function joinTokens(
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
  order: Order,
): string | undefined {
  if (base.trim() === "") return undefined;
  const sides = { base: tokensOf(base), ours: tokensOf(ours), theirs: tokensOf(theirs) };
  if (!keepsHalf(sides.base, sides.ours) || !keepsHalf(sides.base, sides.theirs)) return undefined;
  const places = placesOf(sides)?.places ?? [];
  if (places.some((place, index) => isTooNear(place, places[index + 1]))) return undefined;
  return joinSequences(sides, (place) => listItems(place, order))?.join("");
}

/** A side that left less than half of the words has written something new: its words say nothing about the other's. */
function keepsHalf(base: string[], now: string[]): boolean {
  const counts = new Map<string, number>();
  for (const token of base.filter(isWord)) counts.set(token, (counts.get(token) ?? 0) + 1);
  let kept = 0;
  for (const token of now.filter(isWord)) {
    const left = counts.get(token) ?? 0;
    if (left > 0) kept += 1;
    counts.set(token, left - 1);
  }
  return kept * 2 >= base.filter(isWord).length;
}

function isWord(token: string): boolean {
  return /[\p{L}\p{N}_$]/u.test(token);
}

/** Changes of two sides with nothing but space between them are one expression to both. */
function isTooNear(place: Place, next: Place | undefined): boolean {
  if (next === undefined || place.changed === next.changed) return false;
  return place.after.every((token) => token.trim() === "") && !place.after.some((token) => token.endsWith("\n"));
}

/** Two items added to a list at one point, each with its own comma; or one item went on where another was added behind it. */
function listItems({ base, ours, theirs }: Place, order: Order): string[] | undefined {
  if (base.length > 0) return undefined;
  const [first, second] = order === "ours_first" ? [ours, theirs] : [theirs, ours];
  if (first.join("") === second.join("")) return first;
  const [one, two] = [first.join("").trim(), second.join("").trim()];
  const listed = (one.startsWith(",") && two.startsWith(",")) || (one.endsWith(",") && two.endsWith(","));
  if (listed) return [...first, ...second];
  if (two.startsWith(",") && !/[,\n]/.test(one)) return [...first, ...second];
  return one.startsWith(",") && !/[,\n]/.test(two) ? [...second, ...first] : undefined;
}
