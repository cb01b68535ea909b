/** Phase 3, streaming — how long the plan would be after a move, from the tasks it touches alone: exact or a little too short, and quick. */
import type { Move } from "./critical-moves.ts";
import { type DisjunctiveGraph, NONE } from "./disjunctive-graph.ts";

/** The longest way through the tasks that change places. */
export function estimateMove(graph: DisjunctiveGraph, { task, group, over, direction }: Move): number {
  const sequence = direction === "behind" ? [...over, task] : [task, ...over];
  const [first, last] = direction === "behind" ? [task, over.at(-1) ?? 0] : [over[0] ?? 0, task];
  const { duration } = graph.problem;
  const heads = new Float64Array(sequence.length);
  let done = endOf(graph, graph.link(first, group).previous);
  for (let place = 0; place < sequence.length; place++) {
    const next = sequence[place] ?? 0;
    heads[place] = Math.max(done, headWithout(graph, next, group));
    done = (heads[place] ?? 0) + (duration[next] ?? 0);
  }
  let [longest, behind] = [0, wayFrom(graph, graph.link(last, group).next)];
  for (let place = sequence.length - 1; place >= 0; place--) {
    const next = sequence[place] ?? 0;
    const way = Math.max(behind, tailWithout(graph, next, group)) + (duration[next] ?? 0);
    longest = Math.max(longest, (heads[place] ?? 0) + way);
    behind = way;
  }
  return longest;
}

function endOf({ head, problem }: DisjunctiveGraph, task: number): number {
  return task === NONE ? 0 : (head[task] ?? 0) + (problem.duration[task] ?? 0);
}

function wayFrom({ tail, problem }: DisjunctiveGraph, task: number): number {
  return task === NONE ? 0 : (tail[task] ?? 0) + (problem.duration[task] ?? 0);
}

/** The earliest start as far as `group` does not decide it. */
function headWithout(graph: DisjunctiveGraph, task: number, group: number): number {
  let head = graph.problem.release[task] ?? 0;
  for (const need of graph.problem.needs[task] ?? []) head = Math.max(head, endOf(graph, need));
  for (const link of graph.links[task] ?? [])
    if (link.group !== group) head = Math.max(head, endOf(graph, link.previous));
  return head;
}

function tailWithout(graph: DisjunctiveGraph, task: number, group: number): number {
  let tail = 0;
  for (const follower of graph.problem.followers[task] ?? []) tail = Math.max(tail, wayFrom(graph, follower));
  for (const link of graph.links[task] ?? [])
    if (link.group !== group) tail = Math.max(tail, wayFrom(graph, link.next));
  return tail;
}
