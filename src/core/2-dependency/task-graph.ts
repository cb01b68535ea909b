/** Phase 2.3 — the dependencies as a directed graph: an edge leads from a task to the one that waits for it. */
import { DirectedGraph } from "graphology";
import type { Task } from "../model/task.ts";

export type TaskGraph = DirectedGraph<{ ms: number }>;

export function taskGraph(tasks: Task[]): TaskGraph {
  const graph: TaskGraph = new DirectedGraph();
  for (const task of tasks) graph.addNode(task.id, { ms: task.estimated_ms });
  for (const task of tasks) {
    for (const needed of task.depends_on) graph.mergeEdge(needed, task.id);
  }
  return graph;
}
