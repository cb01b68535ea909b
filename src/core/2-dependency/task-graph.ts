/** Phase 2.3 — the dependencies as a directed graph: an edge leads from a task to the one that waits for it. */
import { DirectedGraph } from "graphology";
import { topologicalGenerations } from "graphology-dag/topological-sort.js";
import type { Edge } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

export type TaskGraph = DirectedGraph<{ ms: number }>;

/** `inferred` edges count where they order. */
export function taskGraph(tasks: Task[], inferred: Edge[] = []): TaskGraph {
  const graph: TaskGraph = new DirectedGraph();
  for (const task of tasks) graph.addNode(nodeOf(task.id), { ms: task.estimated_ms });
  for (const task of tasks) {
    for (const needed of task.depends_on) graph.mergeEdge(nodeOf(needed), nodeOf(task.id));
  }
  for (const { from, to, orders } of inferred) if (orders === true) graph.mergeEdge(nodeOf(from), nodeOf(to));
  return graph;
}

/**
 * graphology looks neighbours up in plain objects, where the id `constructor` is an edge that seems to be there already: so
 * its nodes are ids with a prefix that no property has.
 */
const PREFIX = "task ";

export function nodeOf(id: string): string {
  return `${PREFIX}${id}`;
}

export function idOf(node: string): string {
  return node.slice(PREFIX.length);
}

/** task id → length of the longest chain of tasks before it; every task ranks above all it needs. */
export function topologicalRanks(graph: TaskGraph): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const [rank, nodes] of topologicalGenerations(graph).entries()) {
    for (const node of nodes) ranks.set(idOf(node), rank);
  }
  return ranks;
}
