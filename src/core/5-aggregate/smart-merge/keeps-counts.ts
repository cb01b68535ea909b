/** Phase 5.2 — the count of every line, comment or word that a merge of two changes must come to. */

/**
 * True when what one side alone added or removed is added or removed as often, and what both did is done once or twice; what neither
 * touched is as often there as before. `versions`: base, ours, theirs and the result.
 */
export function keepsCounts(versions: string[][]): boolean {
  const [base, ours, theirs, result] = versions.map(countsOf);
  if (base === undefined || ours === undefined || theirs === undefined || result === undefined) return false;
  const all = new Set([...base.keys(), ...ours.keys(), ...theirs.keys(), ...result.keys()]);
  return [...all].every((item) => {
    const of = (counts: Map<string, number>): number => counts.get(item) ?? 0;
    const [first, second, both] = [of(ours) - of(base), of(theirs) - of(base), of(result) - of(base)];
    const sum = first + second;
    if (first * second <= 0) return both === sum;
    const least = first > 0 ? Math.max(first, second) : Math.min(first, second);
    return first > 0 ? both >= least && both <= sum : both <= least && both >= sum;
  });
}

function countsOf(items: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
