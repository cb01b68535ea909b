/** Phase 2.1 — files that changed together before are a risk worth saying, never an order. */
import type { Edge } from "../model/dependency-graph.ts";
import type { TaskFiles } from "./task-files.ts";

const FEWEST_TIMES = 3;
const SMALLEST_SHARE = 0.15;
/** Commits of one file say nothing about pairs, sweeping ones say nothing about anything. */
const LARGEST_COMMIT = 30;
const MOST_FILES = 3_000;

interface Pair {
  times: number;
  a: string;
  b: string;
}

/** One note per pair of tasks: the two files that changed together in the largest share of their commits. */
export function coChanges(tasks: TaskFiles[], history: string[][]): Edge[] {
  const owners = ownersOf(tasks);
  if (owners.size > MOST_FILES) return [];
  const alone = new Map<string, number>();
  const pairs = new Map<string, Pair>();
  for (const commit of history) {
    if (commit.length > LARGEST_COMMIT) continue;
    const files = [...new Set(commit)].filter((path) => owners.has(path)).sort();
    for (const [place, a] of files.entries()) {
      alone.set(a, (alone.get(a) ?? 0) + 1);
      for (const b of files.slice(place + 1)) countPair(pairs, a, b);
    }
  }
  return strongest(pairs, alone, { owners, tasks });
}

function ownersOf(tasks: TaskFiles[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const { task, changes } of tasks) {
    for (const path of changes.keys()) owners.set(path, [...(owners.get(path) ?? []), task.id]);
  }
  return owners;
}

function countPair(pairs: Map<string, Pair>, a: string, b: string): void {
  const key = `${a}\n${b}`;
  const pair = pairs.get(key) ?? { times: 0, a, b };
  pair.times += 1;
  pairs.set(key, pair);
}

function strongest(
  pairs: Map<string, Pair>,
  alone: Map<string, number>,
  { owners, tasks }: { owners: Map<string, string[]>; tasks: TaskFiles[] },
): Edge[] {
  const best = new Map<string, Edge>();
  const place = new Map(tasks.map(({ task }, order) => [task.id, order]));
  for (const { a, b, times } of pairs.values()) {
    const rarer = Math.min(alone.get(a) ?? 0, alone.get(b) ?? 0);
    const share = times / Math.max(1, rarer);
    if (times < FEWEST_TIMES || share < SMALLEST_SHARE) continue;
    for (const [one, other] of taskPairs(owners.get(a) ?? [], owners.get(b) ?? [])) {
      const [from, to] = (place.get(one) ?? 0) < (place.get(other) ?? 0) ? [one, other] : [other, one];
      const confidence = Math.round(share * 50) / 100;
      const known = best.get(`${from}\n${to}`);
      if (known !== undefined && known.confidence >= confidence) continue;
      const why = `${a} and ${b} changed together in ${times} of ${rarer} commits`;
      best.set(`${from}\n${to}`, { from, to, kind: "history", confidence, why });
    }
  }
  const order = (edge: Edge): number => (place.get(edge.from) ?? 0) * tasks.length + (place.get(edge.to) ?? 0);
  return [...best.values()].sort((x, y) => order(x) - order(y));
}

function taskPairs(ones: string[], others: string[]): [string, string][] {
  return ones.flatMap((one) =>
    others.flatMap((other): [string, string][] =>
      one === other || ones.includes(other) || others.includes(one) ? [] : [[one, other]],
    ),
  );
}
