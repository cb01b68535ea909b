/** Phase 5.2 — what turns one sequence into another, as edits: the ground of every way to join two changes of one text. */

export interface Edit {
  /** first element replaced, and the first one after */
  from: number;
  to: number;
  with: string[];
}

/** The table of comparisons has one cell per pair of elements. */
const MOST_CELLS = 6_000_000;

/** By a longest common subsequence, each edit as late as it can be; undefined where the two are too long to compare. */
export function editsOf(old: string[], now: string[]): Edit[] | undefined {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const [a, b] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  if ((a.length + 1) * (b.length + 1) > MOST_CELLS) return undefined;
  return slid(walk(a, b), { old, head });
}

function walk(a: string[], b: string[]): Edit[] {
  const width = b.length + 1;
  const lengths = commonLengths(a, b);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [from, start] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) i += 1;
      else j += 1;
    }
    edits.push({ from, to: i, with: b.slice(start, j) });
  }
  return edits;
}

/** Length of the longest common subsequence of the rest, for every pair of places. */
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      const best = Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
      lengths[here] = a[i] === b[j] ? (lengths[here + width + 1] ?? 0) + 1 : best;
    }
  }
  return lengths;
}

/** Edits counted from the beginning of the whole; an insertion before an element that it begins with moves behind it. */
function slid(edits: Edit[], { old, head }: { old: string[]; head: number }): Edit[] {
  const moved = edits.map((edit) => ({ from: edit.from + head, to: edit.to + head, with: [...edit.with] }));
  for (const [index, edit] of moved.entries()) {
    const limit = moved[index + 1]?.from ?? old.length;
    while (edit.from === edit.to && edit.to < limit && edit.with[0] === old[edit.to]) {
      edit.with.push(edit.with.shift() ?? "");
      edit.from += 1;
      edit.to += 1;
    }
  }
  return moved;
}

/** `old` with the edits made; they are in order and do not overlap. */
export function withEdits(old: string[], edits: Edit[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const edit of edits) {
    result.push(...old.slice(at, edit.from), ...edit.with);
    at = edit.to;
  }
  return [...result, ...old.slice(at)];
}
