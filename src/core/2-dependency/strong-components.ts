/** Phase 2.3 — strongly connected components: groups of tasks each of which waits, in the end, for every other. */
import type { TaskGraph } from "./task-graph.ts";

/** Kosaraju's two passes, iterative, so that a long chain cannot overflow the stack. */
export function strongComponents(graph: TaskGraph): string[][] {
  const finished = finishingOrder(graph);
  const seen = new Set<string>();
  const found: string[][] = [];
  for (const start of finished.reverse()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const group: string[] = [];
    const pending = [start];
    for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
      group.push(here);
      for (const before of graph.inNeighbors(here)) {
        if (seen.has(before)) continue;
        seen.add(before);
        pending.push(before);
      }
    }
    found.push(group);
  }
  return found;
}

function finishingOrder(graph: TaskGraph): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const start of graph.nodes()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const path = [{ id: start, left: graph.outNeighbors(start) }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        finished.push(top.id);
        path.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        path.push({ id: next, left: graph.outNeighbors(next) });
      }
    }
  }
  return finished;
}
