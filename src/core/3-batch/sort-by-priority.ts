/** Phase 3.1 — a topological order in which the task with the longest chain behind it comes first. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

/** task id → its own estimate plus the longest chain of estimates that waits for it, in milliseconds. */
export function tailLengths(tasks: Task[], graph: DependencyGraph): Map<string, number> {
  const waiting = new Map<string, string[]>(tasks.map((task) => [task.id, []]));
  const open = new Map<string, number>(tasks.map((task) => [task.id, 0]));
  for (const [id, needs] of Object.entries(graph.tasks)) {
    for (const needed of needs) {
      waiting.get(id)?.push(needed);
      open.set(needed, (open.get(needed) ?? 0) + 1);
    }
  }
  const own = new Map(tasks.map((task) => [task.id, task.estimated_ms]));
  const behind = new Map<string, number>();
  const tails = new Map<string, number>();
  const ready = tasks.map((task) => task.id).filter((id) => open.get(id) === 0);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const tail = (own.get(id) ?? 0) + (behind.get(id) ?? 0);
    tails.set(id, tail);
    for (const needed of waiting.get(id) ?? []) {
      behind.set(needed, Math.max(behind.get(needed) ?? 0, tail));
      open.set(needed, (open.get(needed) ?? 0) - 1);
      if (open.get(needed) === 0) ready.push(needed);
    }
  }
  return tails;
}

/** Longest tail first, then longest task, then place in the task list. */
export function sortByPriority(tasks: Task[], graph: DependencyGraph): Task[] {
  const tails = tailLengths(tasks, graph);
  return [...tasks].sort((a, b) => (tails.get(b.id) ?? 0) - (tails.get(a.id) ?? 0) || b.estimated_ms - a.estimated_ms);
}
