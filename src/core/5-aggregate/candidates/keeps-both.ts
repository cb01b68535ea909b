/** Phase 5.2 — the proof that a joined text lost nothing of either side and brought nothing of its own, counted word by word. */
import { tokensOf } from "./join-tokens.ts";

export interface JoinedText {
  base: string;
  ours: string;
  theirs: string;
  merged: string;
}

/**
 * Each word and sign is in the result as often as the base and the two changes make it; what both added or both removed counts once
 * or twice. Undefined when it is so, else what is missing or too much.
 */
export function lostOrNew({ base, ours, theirs, merged }: JoinedText): string | undefined {
  return compare([base, ours, theirs, merged].map((text) => tokensOf(text).filter((token) => token.trim() !== "")));
}

/** The same for whole lines: for joins that take lines as they are. */
export function lostOrNewLines({ base, ours, theirs, merged }: JoinedText): string | undefined {
  return compare([base, ours, theirs, merged].map((text) => text.split(/\r?\n/).filter((line) => line.trim() !== "")));
}

function compare([base = [], ours = [], theirs = [], merged = []]: string[][]): string | undefined {
  const [old, first, second, result] = [base, ours, theirs, merged].map(countsOf);
  for (const unit of new Set([...base, ...ours, ...theirs, ...merged])) {
    const count = (counts: Map<string, number> | undefined): number => counts?.get(unit) ?? 0;
    const [one, two] = [count(first) - count(old), count(second) - count(old)];
    const alike = one > 0 === two > 0 ? Math.sign(one) * Math.min(Math.abs(one), Math.abs(two)) : 0;
    const whole = count(old) + one + two;
    const bounds = [whole, whole - alike];
    if (count(result) < Math.min(...bounds)) return `${JSON.stringify(unit.trim().slice(0, 80))} is missing`;
    if (count(result) > Math.max(...bounds))
      return `${JSON.stringify(unit.trim().slice(0, 80))} is too much or was removed`;
  }
  return undefined;
}

function countsOf(units: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return counts;
}
