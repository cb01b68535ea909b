/** Pattern 2 — modules where folders say nothing: parts of the import graph that know little of each other, each small enough for a task. */
import { communities } from "../../code/communities.ts";
import type { SizeLimit } from "./cut-to-size.ts";
import { cutToSize } from "./cut-to-size.ts";

export interface Coupling {
  edges: { from: string; to: string }[];
  limit: SizeLimit;
}

/** Largest first. Parts that are too large are taken apart again, small ones join the part they know best while there is room. */
export function coupledParts(files: string[], { edges, limit }: Coupling): string[][] {
  const parts = split(files, { edges, limit });
  return joined(parts, { edges, limit }).sort((a, b) => b.length - a.length || ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

function split(files: string[], { edges, limit }: Coupling): string[][] {
  if (fits(files, limit)) return [files];
  const inside = new Set(files);
  const own = edges.filter(({ from, to }) => inside.has(from) && inside.has(to));
  const parts = communities(files, own);
  if (parts.length === 1) return cutToSize(files, limit);
  return parts.flatMap((part) => split(part, { edges: own, limit }));
}

function fits(files: string[], { ms, most_files, most_ms }: SizeLimit): boolean {
  if (files.length <= 1) return true;
  return files.length <= most_files && files.reduce((sum, path) => sum + ms(path), 0) <= most_ms;
}

/** Joins the two parts with the most imports between them that still fit together, until none do. */
function joined(parts: string[][], { edges, limit }: Coupling): string[][] {
  const groups = new Map(parts.map((part, index) => [index, part]));
  const owner = new Map(parts.flatMap((part, index) => part.map((path) => [path, index] as const)));
  for (;;) {
    const pair = closest(groups, { owner, edges, limit });
    if (pair === undefined) return [...groups.values()];
    const [kept, gone] = pair;
    const moved = groups.get(gone) ?? [];
    groups.set(kept, [...(groups.get(kept) ?? []), ...moved].sort());
    groups.delete(gone);
    for (const path of moved) owner.set(path, kept);
  }
}

function closest(
  groups: Map<number, string[]>,
  { owner, edges, limit }: Coupling & { owner: Map<string, number> },
): [number, number] | undefined {
  const weights = new Map<string, { pair: [number, number]; weight: number }>();
  for (const { from, to } of edges) {
    const [a, b] = [owner.get(from), owner.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    const pair: [number, number] = a < b ? [a, b] : [b, a];
    const known = weights.get(pair.join());
    weights.set(pair.join(), { pair, weight: (known?.weight ?? 0) + 1 });
  }
  const sorted = [...weights.values()].sort(
    (x, y) => y.weight - x.weight || x.pair[0] - y.pair[0] || x.pair[1] - y.pair[1],
  );
  return sorted.find(({ pair: [a, b] }) => fits([...(groups.get(a) ?? []), ...(groups.get(b) ?? [])], limit))?.pair;
}
