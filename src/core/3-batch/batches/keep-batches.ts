/** Phase 3 while a run goes on — the batches people have seen, with new tasks put in where they fit. */
import type { Problem } from "../problem/problem.ts";
import { BatchRoom } from "./batch-room.ts";
import { type Partition, partitionOf } from "./partition.ts";

/** The batches of `before` and every other task; undefined when no such order keeps dependencies, conflicts, pools and slots. */
export function keepBatches(problem: Problem, before: Partition): Partition | undefined {
  const room = new BatchRoom(problem);
  for (const [batch, tasks] of before.entries()) {
    for (const task of tasks) {
      if (!room.fits(task, batch)) return undefined;
      room.put(task, batch);
    }
  }
  const { places } = room;
  for (const task of problem.order) {
    let after = -1;
    for (const need of problem.needs[task] ?? []) after = Math.max(after, places[need] ?? 0);
    if (places[task] === -1) room.put(task, room.firstFor(task, after + 1));
    else if ((places[task] ?? 0) <= after) return undefined;
  }
  return partitionOf(places);
}
