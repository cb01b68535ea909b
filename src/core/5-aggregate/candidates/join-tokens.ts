/** Phase 5.2 — one line or statement that both sides changed, joined word by word: what each changed apart from the other. */
import { type Edit, editsOf } from "./edits.ts";
import type { Order } from "./join-insertions.ts";
import { joinSequences, type Place, placesOf, type Sequences } from "./join-sequences.ts";

/** Words, numbers with all that belongs to them, spaces, single signs. */
const TOKENS = /\p{N}[\p{L}\p{N}_.]*|[\p{L}_$][\p{L}\p{N}_$]*|\r?\n|[^\S\r\n]+|[^\s\p{L}\p{N}_$]/gu;

export function tokensOf(text: string): string[] {
  return text.match(TOKENS) ?? [];
}

/** Lines in, lines out. Undefined where both changed the same words, or words without an unchanged one between them. */
export function joinTokens({ base, ours, theirs }: Sequences, order: Order): string | undefined {
  const tokens = base.flatMap(tokensOf);
  if (!tokens.some(isWord)) return undefined;
  if (![ours, theirs].every((side) => keepsHalf(tokens, side.flatMap(tokensOf)))) return undefined;
  const [first, second] = [wordEdits(base, ours), wordEdits(base, theirs)];
  if (first === undefined || second === undefined) return undefined;
  const edits = { ours: first, theirs: second };
  const { places } = placesOf(tokens, edits);
  if (places.some((place, index) => isTooNear(place, places[index + 1]))) return undefined;
  return joinSequences(tokens, edits, (place) => listItems(place, order))?.join("");
}

/** Whole lines that were inserted stay between lines; lines that were replaced are compared word by word. */
function wordEdits(base: string[], now: string[]): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { from, to, with: lines } of editsOf(base, now) ?? []) {
    const start = base.slice(0, from).flatMap(tokensOf).length;
    const inner = editsOf(base.slice(from, to).flatMap(tokensOf), lines.flatMap(tokensOf));
    if (inner === undefined) return undefined;
    edits.push(...inner.map((edit) => ({ ...edit, from: edit.from + start, to: edit.to + start })));
  }
  return edits;
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
  if (next === undefined || place.changed === next.changed || [place, next].some(isInsertedLines)) return false;
  return place.after.every((token) => token.trim() === "") && !place.after.some((token) => token.endsWith("\n"));
}

/** Two items added to a list at one point, each with its own comma; or one item went on where another was added behind it. */
function listItems({ base, ours, theirs }: Place, order: Order): string[] | undefined {
  if (base.length > 0) return undefined;
  const [first, second] = order === "ours_first" ? [ours, theirs] : [theirs, ours];
  const [one, two] = [first.join("").trim(), second.join("").trim()];
  const [opened, closed] = [one.startsWith(",") && two.startsWith(","), one.endsWith(",") && two.endsWith(",")];
  if (opened && closed && one !== "," && two !== ",") {
    const rest = second.slice(second.indexOf(",") + 1);
    return [...first, ...(isLines(first) && isLines(rest.slice(0, 1)) ? rest.slice(1) : rest)];
  }
  if (opened || closed || (isLines(first) && isLines(second))) return [...first, ...second];
  if (two.startsWith(",") && !/[,\n]/.test(one)) return [...first, ...second];
  return one.startsWith(",") && !/[,\n]/.test(two) ? [...second, ...first] : undefined;
}

function isInsertedLines({ base, ours, theirs }: Place): boolean {
  return base.length === 0 && [ours, theirs].every((side) => side.length === 0 || isLines(side));
}

function isLines(tokens: string[]): boolean {
  return tokens.at(-1)?.endsWith("\n") === true;
}
