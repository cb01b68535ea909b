/** Phase 3, streaming — the stream's one order: results merge in it, and of two tasks that conflict the earlier one runs first. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { turned } from "./problem/rows.ts";
import { topologicalOrder } from "./problem/topological-order.ts";

type Graph = Pick<DependencyGraph, "tasks" | "conflicts">;

/**
 * Every id after those it needs; of those that could come next, the one with the lowest place. An id without a place comes where the
 * first that waits for it has its own, so that nothing known has to give way; last, as in `ids`, where nothing known waits for it.
 */
export function streamOrder(ids: string[], graph: Graph, places: ReadonlyMap<string, number>): string[] {
  const tasks = new Map(ids.map((id, task) => [id, task]));
  const needs = ids.map((id) => (graph.tasks[id] ?? []).flatMap((need) => tasks.get(need) ?? []));
  const followers = turned(needs, ids.length);
  const keys = Float64Array.from(ids, (id) => places.get(id) ?? Number.MAX_SAFE_INTEGER);
  for (const task of topologicalOrder(needs, followers).reverse()) {
    if (places.has(ids[task] ?? "")) continue;
    for (const follower of followers[task] ?? []) keys[task] = Math.min(keys[task] ?? 0, keys[follower] ?? 0);
  }
  const order = topologicalOrder(needs, followers, keys);
  const sorted = Array.from(order, (task) => ids[task] ?? "");
  if (sorted.length === ids.length) return sorted;
  const left = ids.filter((id) => !sorted.includes(id));
  throw new Error(`a circle among ${left.join(", ")}: phase 2 refuses those`);
}

/** The same graph for tasks that come while others run: a new one follows every started one that it conflicts with. */
export function afterStarted(graph: Graph, started: ReadonlySet<string>, known: ReadonlyMap<string, number>): Graph {
  const tasks = { ...graph.tasks };
  for (const [a, b] of graph.conflicts) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (started.has(one) && !known.has(other)) tasks[other] = [...(tasks[other] ?? []), one];
    }
  }
  return { ...graph, tasks };
}

/** id → what must have ended before it starts: what it needs, and what conflicts with it and comes earlier in `order`. */
export function predecessors(order: string[], graph: Graph): Map<string, string[]> {
  const places = new Map(order.map((id, place) => [id, place]));
  const before = new Map(order.map((id) => [id, new Set(graph.tasks[id] ?? [])]));
  for (const [a, b] of graph.conflicts) {
    const aFirst = (places.get(a) ?? 0) < (places.get(b) ?? 0);
    before.get(aFirst ? b : a)?.add(aFirst ? a : b);
  }
  const byPlace = (one: string, other: string): number => (places.get(one) ?? 0) - (places.get(other) ?? 0);
  return new Map([...before].map(([id, ids]) => [id, [...ids].filter((other) => places.has(other)).sort(byPlace)]));
}

/** Tasks before `id`, directly or indirectly. */
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
