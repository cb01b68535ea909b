/** Phase 3, streaming — which slot each task of a schedule runs in: the lowest that is empty when it starts. */
import type { Problem } from "../problem/problem.ts";
import { rankBy } from "../problem/rank.ts";
import { TaskHeap } from "../problem/task-heap.ts";

/** task → slot from 1; never more slots than tasks run at once. */
export function assignSlots({ size, duration }: Problem, start: Float64Array): Int32Array {
  const end = start.map((begin, task) => begin + (duration[task] ?? 0));
  const rank = rankBy(size, (a, b) => (start[a] ?? 0) - (start[b] ?? 0) || (end[a] ?? 0) - (end[b] ?? 0));
  const byStart = Uint32Array.from(rank.keys()).sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const numbers = Float64Array.from({ length: size + 1 }, (_, slot) => slot);
  const [empty, ending] = [new TaskHeap(numbers), new TaskHeap(end)];
  const slots = new Int32Array(size);
  let opened = 0;
  for (const task of byStart) {
    for (let done = ending.peek(); done !== undefined && (end[done] ?? 0) <= (start[task] ?? 0); done = ending.peek()) {
      empty.push(slots[ending.pop() ?? 0] ?? 0);
    }
    slots[task] = empty.pop() ?? ++opened;
    ending.push(task);
  }
  return slots;
}
