/** Phase 3.1 — the longest chains: how early a task can start, and how much must still come from its start on. */
import type { Problem } from "./problem.ts";

/** Earliest start of every task when only needs and releases count. */
export function heads({ needs, order, duration, release }: Problem): Float64Array {
  const head = new Float64Array(release);
  for (const task of order) {
    let earliest = head[task] ?? 0;
    for (const need of needs[task] ?? []) earliest = Math.max(earliest, (head[need] ?? 0) + (duration[need] ?? 0));
    head[task] = earliest;
  }
  return head;
}

/** Every task's own duration plus the longest chain that waits for it. */
export function tails({ followers, order, duration }: Problem): Float64Array {
  const tail = new Float64Array(duration.length);
  for (let place = order.length - 1; place >= 0; place--) {
    const task = order[place] ?? 0;
    let behind = 0;
    for (const follower of followers[task] ?? []) behind = Math.max(behind, tail[follower] ?? 0);
    tail[task] = behind + (duration[task] ?? 0);
  }
  return tail;
}

/** The longest chain, in order, and its length; of equally long ones the one through the lowest places. */
export function longestChain(problem: Problem): { tasks: number[]; ms: number } {
  const { followers, duration, release } = problem;
  const [head, tail] = [heads(problem), tails(problem)];
  let ms = 0;
  for (let task = 0; task < head.length; task++) ms = Math.max(ms, (head[task] ?? 0) + (tail[task] ?? 0));
  const tasks: number[] = [];
  let next = head.findIndex((begin, task) => begin === release[task] && begin + (tail[task] ?? 0) === ms);
  while (next !== -1) {
    tasks.push(next);
    const rest = (tail[next] ?? 0) - (duration[next] ?? 0);
    next = (followers[next] ?? []).find((follower) => tail[follower] === rest) ?? -1;
  }
  return { tasks, ms };
}
