/** Phase 2 validation — the longest dependency chain by estimated time; no plan can be shorter. */
import { topologicalSort } from "graphology-dag/topological-sort.js";
import type { TaskGraph } from "./task-graph.ts";

/** Ids of the longest chain in order, and its length in milliseconds. Of equally long chains the lexically first is taken. */
export function criticalPath(graph: TaskGraph): { tasks: string[]; ms: number } {
  const longest = new Map<string, { ms: number; before: string | undefined }>();
  for (const id of topologicalSort(graph)) {
    const before = best(graph.inNeighbors(id), longest);
    const chain = before === undefined ? 0 : (longest.get(before)?.ms ?? 0);
    longest.set(id, { ms: chain + graph.getNodeAttribute(id, "ms"), before });
  }
  const tasks: string[] = [];
  const end = best([...longest.keys()], longest);
  for (let id = end; id !== undefined; id = longest.get(id)?.before) tasks.unshift(id);
  return { tasks, ms: end === undefined ? 0 : (longest.get(end)?.ms ?? 0) };
}

function best(ids: string[], longest: Map<string, { ms: number }>): string | undefined {
  const byLength = (a: string, b: string): number =>
    (longest.get(b)?.ms ?? 0) - (longest.get(a)?.ms ?? 0) || (a < b ? -1 : 1);
  return [...ids].sort(byLength)[0];
}
