/** Phase 3's certificate — no plan for this work can be shorter than this, and what holds it there. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

/** The longest of: the critical path, the work divided by the slots, and the work behind each lock. Sync overhead not included. */
export function lowerBound(tasks: Task[], graph: DependencyGraph, maxParallel: number): { ms: number; by: string } {
  const work = tasks.reduce((sum, task) => sum + task.estimated_ms, 0);
  const own = new Map(tasks.map((task) => [task.id, task.estimated_ms]));
  const candidates = [
    { ms: graph.critical_path_ms, by: `chain ${graph.critical_path.join(" → ")}` },
    { ms: Math.ceil(work / maxParallel), by: `${maxParallel} slots` },
    ...Object.entries(graph.locks).map(([lock, ids]) => ({
      ms: ids.reduce((sum, id) => sum + (own.get(id) ?? 0), 0),
      by: `lock ${lock}`,
    })),
  ];
  return candidates.reduce((best, candidate) => (candidate.ms > best.ms ? candidate : best));
}
