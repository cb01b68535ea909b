/** Phase 3.2 — batches as the planner of batches makes them: which tasks run side by side, batch after batch, and what that costs. */
import type { Problem } from "../problem/problem.ts";

/** Tasks of the first batch, of the second, …; each ascending. */
export type Partition = readonly (readonly number[])[];

/** Milliseconds of all batches, each as long as its longest task, with `sync` after each. */
export function timeOf({ duration }: Problem, partition: Partition, sync: number): number {
  let sum = partition.length * sync;
  for (const batch of partition) {
    let longest = 0;
    for (const task of batch) longest = Math.max(longest, duration[task] ?? 0);
    sum += longest;
  }
  return sum;
}

/** task → the number of its batch, from 0 */
export function placesOf(size: number, partition: Partition): Float64Array {
  const places = new Float64Array(size);
  for (const [place, batch] of partition.entries()) for (const task of batch) places[task] = place;
  return places;
}

/** The partition in which `task` is in batch `places[task]`, in order of their numbers; numbers nobody has leave no gap. */
export function partitionOf(places: ArrayLike<number>): Partition {
  const batches = new Map<number, number[]>();
  for (let task = 0; task < places.length; task++) {
    const place = places[task] ?? 0;
    const batch = batches.get(place);
    if (batch === undefined) batches.set(place, [task]);
    else batch.push(task);
  }
  return [...batches].sort(([a], [b]) => a - b).map(([, batch]) => batch);
}
