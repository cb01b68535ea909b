/** Phase 3's certificate — tasks that run one at a time: when the last chain behind them can end at the earliest, if they might even interrupt each other. */
import { TaskHeap } from "../problem/task-heap.ts";

export interface Chains {
  /** task → earliest start */
  head: Float64Array;
  /** task → minus the longest chain that waits for it */
  behind: Float64Array;
  duration: Float64Array;
}

/** Jackson's preemptive schedule: at every moment the task with the longest chain behind it runs. */
export function oneMachineBound(tasks: readonly number[], { head, behind, duration }: Chains): number {
  const waiting = [...tasks].sort((a, b) => (head[b] ?? 0) - (head[a] ?? 0) || b - a);
  const left = new Map(tasks.map((task) => [task, duration[task] ?? 0]));
  const ready = new TaskHeap(behind);
  const nextHead = (): number => (waiting.length === 0 ? Infinity : (head[waiting.at(-1) ?? 0] ?? 0));
  let [now, bound] = [0, 0];
  while (waiting.length > 0 || ready.size > 0) {
    if (ready.size === 0) now = Math.max(now, nextHead());
    while (nextHead() <= now) ready.push(waiting.pop() ?? 0);
    const task = ready.pop() ?? 0;
    const rest = left.get(task) ?? 0;
    const ran = Math.min(rest, nextHead() - now);
    now += ran;
    left.set(task, rest - ran);
    if (ran < rest) ready.push(task);
    else bound = Math.max(bound, now - (behind[task] ?? 0));
  }
  return bound;
}
