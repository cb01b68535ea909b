/** Phase 2.3 — the dependencies as a directed graph: an edge leads from a task to the one that waits for it. */
import { DirectedGraph } from "graphology";
import type { Edge } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

export type TaskGraph = DirectedGraph<{ ms: number }>;

/** `inferred` edges count where they order. */
export function taskGraph(tasks: Task[], inferred: Edge[] = []): TaskGraph {
  const graph: TaskGraph = new DirectedGraph();
  for (const task of tasks) graph.addNode(task.id, { ms: task.estimated_ms });
  for (const task of tasks) {
    for (const needed of task.depends_on) graph.mergeEdge(needed, task.id);
  }
  for (const { from, to, orders } of inferred) if (orders === true) graph.mergeEdge(from, to);
  return graph;
}
