/** Phase 3.1, word for word — "group tasks at same level into batches": level by level, the longest tasks of a level together. */
import type { Problem } from "../problem/problem.ts";
import { sortedBy } from "../problem/rank.ts";
import { BatchRoom } from "./batch-room.ts";
import { type Partition, partitionOf } from "./partition.ts";

export function levelBatches(problem: Problem): Partition {
  const { size, duration } = problem;
  const level = levels(problem);
  const inOrder = sortedBy(
    size,
    (a, b) => (level[a] ?? 0) - (level[b] ?? 0) || (duration[b] ?? 0) - (duration[a] ?? 0),
  );
  const room = new BatchRoom(problem);
  let [from, next, current] = [0, 0, 0];
  for (const task of inOrder) {
    if ((level[task] ?? 0) > current) [from, current] = [next, level[task] ?? 0];
    const batch = room.firstFor(task, from);
    room.put(task, batch);
    next = Math.max(next, batch + 1);
  }
  return partitionOf(room.places);
}

/** task → the number of tasks in the longest chain before it */
export function levels({ size, needs, order }: Problem): Int32Array {
  const level = new Int32Array(size);
  for (const task of order) {
    for (const need of needs[task] ?? []) level[task] = Math.max(level[task] ?? 0, (level[need] ?? 0) + 1);
  }
  return level;
}
