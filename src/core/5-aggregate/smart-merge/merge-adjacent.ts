/** Phase 5.2 — changes to neighbouring lines that do not overlap, both taken; only where the operator allows it. */
import type { TextSides } from "./merge-by-key.ts";
import { linesOf } from "./regions.ts";

/** Larger places are left to people: the comparison takes time by the square of it. */
const MOST_LINES = 400;

interface Edit {
  from: number;
  to: number;
  lines: string[];
}

/** Undefined where the two sides change the same line. Insertions at one point: the earlier task's first. */
export function mergeAdjacent({ base, ours, theirs }: TextSides): string | undefined {
  const [old, first, second] = [base, ours, theirs].map(linesOf);
  if (old === undefined || first === undefined || second === undefined) return undefined;
  if ([old, first, second].some((lines) => lines.length > MOST_LINES)) return undefined;
  const edits = { ours: editsOf(old, first), theirs: editsOf(old, second) };
  if (edits.ours.some((one) => edits.theirs.some((two) => overlap(one, two)))) return undefined;
  const all = [...edits.ours, ...edits.theirs].sort((a, b) => a.from - b.from || a.to - b.to);
  const result: string[] = [];
  let at = 0;
  for (const edit of all) {
    result.push(...old.slice(at, edit.from), ...edit.lines);
    at = edit.to;
  }
  return [...result, ...old.slice(at)].join("");
}

function overlap(a: Edit, b: Edit): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Edits that turn `old` into `now`, by a longest common subsequence. */
function editsOf(old: string[], now: string[]): Edit[] {
  const lengths = commonLengths(old, now);
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [from, start] = [i, j];
    while ((i < old.length || j < now.length) && !(i < old.length && j < now.length && old[i] === now[j])) {
      const down = i < old.length ? (lengths[i + 1]?.[j] ?? 0) : -1;
      const right = j < now.length ? (lengths[i]?.[j + 1] ?? 0) : -1;
      if (down >= right) i += 1;
      else j += 1;
    }
    edits.push({ from, to: i, lines: now.slice(start, j) });
  }
  return edits;
}

/** Length of the longest common subsequence of the rest, for every pair of places. */
function commonLengths(a: string[], b: string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] = a[i] === b[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
