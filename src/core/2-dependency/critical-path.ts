/** Phase 2 validation — the longest dependency chain by estimated time; no plan can be shorter. */
import { topologicalSort } from "graphology-dag/topological-sort.js";
import { idOf, type TaskGraph } from "./task-graph.ts";

/** Ids of the longest chain in order, and its length in milliseconds. Of equally long chains the lexically first is taken. */
export function criticalPath(graph: TaskGraph): { tasks: string[]; ms: number } {
  const longest = new Map<string, { ms: number; before: string | undefined }>();
  for (const node of topologicalSort(graph)) {
    const before = best(graph.inNeighbors(node), longest);
    const chain = before === undefined ? 0 : (longest.get(before)?.ms ?? 0);
    longest.set(node, { ms: chain + graph.getNodeAttribute(node, "ms"), before });
  }
  const tasks: string[] = [];
  const end = best([...longest.keys()], longest);
  for (let node = end; node !== undefined; node = longest.get(node)?.before) tasks.unshift(idOf(node));
  return { tasks, ms: end === undefined ? 0 : (longest.get(end)?.ms ?? 0) };
}

function best(nodes: string[], longest: Map<string, { ms: number }>): string | undefined {
  const byLength = (a: string, b: string): number =>
    (longest.get(b)?.ms ?? 0) - (longest.get(a)?.ms ?? 0) || (a < b ? -1 : 1);
  return [...nodes].sort(byLength)[0];
}
