/** Phase 2 while a run goes on: what has started waits for nothing that came later, whatever the code now says. */
import type { DependencyGraph, Edge } from "../model/dependency-graph.ts";

/** `graph`, with the needs of every task of `started` as they were in `before`. */
export function keepStarted(graph: DependencyGraph, before: DependencyGraph, started: Set<string>): DependencyGraph {
  const tasks = Object.fromEntries(
    Object.entries(graph.tasks).map(([id, needs]) => [id, started.has(id) ? (before.tasks[id] ?? needs) : needs]),
  );
  return {
    ...graph,
    tasks,
    independent_tasks: Object.keys(graph.tasks).filter((id) => tasks[id]?.length === 0),
    edges: graph.edges.map((edge) => (isTooLate(edge, tasks) ? { ...note(edge), orders: false } : edge)),
  };
}

function isTooLate({ from, to, orders }: Edge, tasks: DependencyGraph["tasks"]): boolean {
  return orders === true && tasks[to]?.includes(from) !== true;
}

function note(edge: Edge): Edge {
  return { ...edge, why: `${edge.why}; ${edge.to} had started when ${edge.from} came` };
}
