/** Phase 3.1 — topological sort: every task after what it needs, the lowest place in the list first; shorter than the list where there is a cycle. */

import type { Rows } from "./rows.ts";
import { TaskHeap } from "./task-heap.ts";

/** `keys` are the tasks' places, where they are not those of the rows. */
export function topologicalOrder(needs: Rows, followers: Rows, keys = new Float64Array(needs.length)): Int32Array {
  const open = Int32Array.from(needs, (row) => row.length);
  const ready = new TaskHeap(keys);
  for (let task = 0; task < open.length; task++) if (open[task] === 0) ready.push(task);
  const order = new Int32Array(needs.length);
  let count = 0;
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    order[count++] = task;
    for (const follower of followers[task] ?? []) {
      open[follower] = (open[follower] ?? 0) - 1;
      if (open[follower] === 0) ready.push(follower);
    }
  }
  return order.subarray(0, count);
}
