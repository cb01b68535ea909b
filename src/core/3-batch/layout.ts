/** Layout that the planners of both modes hand over: batches, and when and in which slot each task runs. Times count from the plan's start. */
import type { Partition } from "./batches/partition.ts";
import type { Problem } from "./problem/problem.ts";
import { assignSlots } from "./streaming/assign-slots.ts";
import { makespan } from "./streaming/makespan.ts";

export interface Layout {
  batches: Partition;
  start: Float64Array;
  /** from 1 up */
  slots: Int32Array;
  /** until the last sync point is over */
  ms: number;
}

/** A stream is one batch with one sync point. `kept` are the slots of tasks that run already. */
export function streamLayout(
  problem: Problem,
  start: Float64Array,
  { sync, kept }: { sync: number; kept: ReadonlyMap<number, number> },
): Layout {
  const batches = problem.size === 0 ? [] : [Array.from({ length: problem.size }, (_, task) => task)];
  const ms = makespan(problem, start) + sync * batches.length;
  return { batches, start, slots: assignSlots(problem, start, kept), ms };
}

export function batchLayout(problem: Problem, batches: Partition, sync: number): Layout {
  const [start, slots] = [new Float64Array(problem.size), new Int32Array(problem.size)];
  let ms = 0;
  for (const batch of batches) {
    let longest = 0;
    for (const [slot, task] of batch.entries()) {
      start[task] = ms;
      slots[task] = slot + 1;
      longest = Math.max(longest, problem.duration[task] ?? 0);
    }
    ms += longest + sync;
  }
  return { batches, start, slots, ms };
}

/** Most tasks at once. */
export function widest({ slots }: Layout): number {
  return slots.reduce((most, slot) => Math.max(most, slot), 0);
}
