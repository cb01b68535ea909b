/** Phase 3.1 — topological sort: every task after what it needs, the lowest place in the list first; shorter than the list where there is a cycle. */

import type { Rows } from "./rows.ts";
import { TaskHeap } from "./task-heap.ts";

/** `keys` are the tasks' places, where they are not those of the rows. */
export function topologicalOrder(needs: Rows, followers: Rows, keys = new Float64Array(needs.length)): Int32Array {
  const open = new Int32Array(needs.length);
  for (const [task, row] of needs.entries()) open[task] = row.length;
  const ready = new TaskHeap(keys);
  for (const [task, count] of open.entries()) if (count === 0) ready.push(task);
  const order: number[] = [];
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    order.push(task);
    for (const follower of followers[task] ?? []) {
      open[follower] = (open[follower] ?? 0) - 1;
      if (open[follower] === 0) ready.push(follower);
    }
  }
  return Int32Array.from(order);
}
