/** Phase 2 validation — no circular dependencies: the first cycle found, as the ids in order, or undefined. */
import { idOf, type TaskGraph } from "./task-graph.ts";

/** `[a, b, c]` means: b waits for a, c waits for b, and a waits for c. Iterative, so that a long chain cannot overflow the stack. */
export function findCycle(graph: TaskGraph): string[] | undefined {
  const done = new Set<string>();
  for (const start of graph.nodes()) {
    const cycle = done.has(start) ? undefined : cycleFrom(graph, start, done);
    if (cycle !== undefined) return cycle.map(idOf);
  }
  return undefined;
}

function cycleFrom(graph: TaskGraph, start: string, done: Set<string>): string[] | undefined {
  const path: string[] = [start];
  const onPath = new Set(path);
  const pending: string[][] = [graph.outNeighbors(start)];
  while (path.length > 0) {
    const next = pending.at(-1)?.pop();
    if (next === undefined) {
      const left = path.pop() ?? start;
      onPath.delete(left);
      done.add(left);
      pending.pop();
    } else if (onPath.has(next)) {
      return path.slice(path.indexOf(next));
    } else if (!done.has(next)) {
      path.push(next);
      onPath.add(next);
      pending.push(graph.outNeighbors(next));
    }
  }
  return undefined;
}
