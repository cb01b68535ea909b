/** Phase 3, streaming — the stream's one order: results merge in it, and of two tasks that conflict the earlier one runs first. */
import type { DependencyGraph } from "../model/dependency-graph.ts";

type Graph = Pick<DependencyGraph, "tasks" | "conflicts">;

/** Every id after those it needs; of those that could come next, the one with the lowest place. Ids without a place come last, as in `ids`. */
export function streamOrder(ids: string[], graph: Graph, places: ReadonlyMap<string, number>): string[] {
  const open = new Set(ids);
  const placeOf = (id: string): number => places.get(id) ?? Number.POSITIVE_INFINITY;
  const isFree = (id: string): boolean => (graph.tasks[id] ?? []).every((needed) => !open.has(needed));
  const order: string[] = [];
  while (open.size > 0) {
    let next: string | undefined;
    for (const id of open) {
      if (!isFree(id)) continue;
      if (next === undefined || placeOf(id) < placeOf(next)) next = id;
    }
    if (next === undefined) throw new Error(`a circle among ${[...open].join(", ")}: phase 2 refuses those`);
    open.delete(next);
    order.push(next);
  }
  return order;
}

/** id → what must have ended before it starts: what it needs, and what conflicts with it and comes earlier in `order`. */
export function predecessors(order: string[], graph: Graph): Map<string, string[]> {
  const places = new Map(order.map((id, place) => [id, place]));
  const before = new Map(order.map((id) => [id, new Set(graph.tasks[id] ?? [])]));
  for (const [a, b] of graph.conflicts) {
    const aFirst = (places.get(a) ?? 0) < (places.get(b) ?? 0);
    before.get(aFirst ? b : a)?.add(aFirst ? a : b);
  }
  return new Map([...before].map(([id, ids]) => [id, order.filter((other) => ids.has(other))]));
}

/** Everything that is before `id`, directly or not. */
export function ancestors(id: string, before: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set<string>();
  const pending = [...(before.get(id) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...(before.get(next) ?? []));
  }
  return found;
}
