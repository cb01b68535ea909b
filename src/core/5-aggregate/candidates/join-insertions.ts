/** Phase 5.2 — both sides inserted at one point: one after the other, in either order, with what both inserted alike only once. */
import type { Sequences } from "./join-sequences.ts";

/** Whose lines come first where both sides inserted at one point. */
export type Order = "ours_first" | "theirs_first";

/** Undefined where something was there before. */
export function joinInsertions({ base, ours, theirs }: Sequences, order: Order): string[] | undefined {
  if (base.length > 0) return undefined;
  if (same(ours, theirs)) return ours;
  let head = 0;
  while (head < ours.length && head < theirs.length && ours[head] === theirs[head]) head += 1;
  if (head === ours.length || head === theirs.length) return ours.length > theirs.length ? ours : theirs;
  const alike = carries(ours.slice(0, head)) ? head : 0;
  const [first, second] = order === "ours_first" ? [ours, theirs] : [theirs, ours];
  return [...first.slice(0, alike), ...first.slice(alike), ...second.slice(alike)];
}

/** Lines that both begin with are one only when they say something by themselves: a blank line or an opening does not. */
function carries(lines: string[]): boolean {
  return (
    lines.length > 0 && lines.every((line) => /[;)\w"'\]]\s*$/.test(line)) && lines.some((line) => /\w/.test(line))
  );
}

function same(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
