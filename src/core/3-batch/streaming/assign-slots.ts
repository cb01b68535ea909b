/** Phase 3, streaming — which slot each task of a schedule runs in: the lowest that is empty when it starts; what runs already keeps its own. */
import type { Problem } from "../problem/problem.ts";
import { sortedBy } from "../problem/rank.ts";
import { TaskHeap } from "../problem/task-heap.ts";

/** task → slot from 1; never more slots than tasks run at once. `kept` are the slots of tasks that run already. */
export function assignSlots(
  { size, duration }: Problem,
  start: Float64Array,
  kept: ReadonlyMap<number, number> = new Map(),
): Int32Array {
  const end = start.map((begin, task) => begin + (duration[task] ?? 0));
  const isLong = (task: number): number => (kept.has(task) ? -1 : Math.min(1, duration[task] ?? 0));
  const byStart = sortedBy(size, (a, b) => (start[a] ?? 0) - (start[b] ?? 0) || isLong(a) - isLong(b));
  let opened = Math.max(0, ...kept.values());
  const numbers = Float64Array.from({ length: size + opened + 1 }, (_, slot) => slot);
  const [empty, ending] = [new TaskHeap(numbers), new TaskHeap(end)];
  const taken = new Set(kept.values());
  for (let slot = 1; slot <= opened; slot++) if (!taken.has(slot)) empty.push(slot);
  const slots = new Int32Array(size);
  for (const task of byStart) {
    for (let done = ending.peek(); done !== undefined && (end[done] ?? 0) <= (start[task] ?? 0); done = ending.peek()) {
      empty.push(slots[ending.pop() ?? 0] ?? 0);
    }
    slots[task] = kept.get(task) ?? empty.pop() ?? ++opened;
    ending.push(task);
  }
  return slots;
}
