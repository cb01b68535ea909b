/** Phase 3's certificate — tasks that no other may run beside cut every plan in two: what is left is bounded without them, and their time added. */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import type { Problem } from "../problem/problem.ts";

/** Tasks that share a lock or a conflict with every other one. */
export function aloneTasks({ size, duration }: Problem, { members, groups }: MutexGroups): number[] {
  const seenBy = new Int32Array(size).fill(-1);
  return [...duration.keys()].filter((task) => {
    let others = 0;
    for (const group of groups[task] ?? []) {
      for (const member of members[group] ?? []) {
        if (seenBy[member] !== task) others++;
        seenBy[member] = task;
      }
    }
    return others === size;
  });
}

/** The same work as if `alone` took no time; whoever waits for them still waits for what they wait for. */
export function withoutTimeOf(problem: Problem, alone: readonly number[]): Problem {
  const duration = problem.duration.slice();
  for (const task of alone) duration[task] = 0;
  return { ...problem, duration };
}
