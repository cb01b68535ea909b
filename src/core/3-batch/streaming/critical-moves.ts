/** Phase 3, streaming — the changes that can shorten a plan held by locks: a task of a critical block goes to its end or its beginning. */
import type { Random } from "../random.ts";
import { type DisjunctiveGraph, NONE } from "./disjunctive-graph.ts";

/** `task` moves behind `target`, or before it, over all that is between them in `group`; `over` are those it moves over, in their order. */
export interface Move {
  task: number;
  group: number;
  over: readonly number[];
  direction: "behind" | "before";
}

/** Tasks of one critical path that follow each other in one group. */
interface Block {
  group: number;
  tasks: number[];
}

/** All moves within the blocks of a critical path drawn by chance, that surely leave the orders free of circles (Balas and Vazacopoulos). */
export function criticalMoves(graph: DisjunctiveGraph, end: number, random: Random): Move[] {
  const blocks = criticalBlocks(graph, end, random);
  return blocks.flatMap((block, place) => [
    ...(place === blocks.length - 1 && isLast(graph, block) ? [] : movesBehind(graph, block)),
    ...(place === 0 && isFirst(graph, block) ? [] : movesBefore(graph, block)),
  ]);
}

function isFirst({ head }: DisjunctiveGraph, { tasks }: Block): boolean {
  return (head[tasks[0] ?? 0] ?? 0) === 0;
}

function isLast({ tail }: DisjunctiveGraph, { tasks }: Block): boolean {
  return (tail[tasks.at(-1) ?? 0] ?? 0) === 0;
}

function movesBehind(graph: DisjunctiveGraph, { group, tasks }: Block): Move[] {
  const target = tasks.at(-1) ?? 0;
  return tasks.slice(0, -1).flatMap((task, place): Move[] => {
    const over = tasks.slice(place + 1);
    return canGoBehind(graph, task, { group, target }) ? [{ task, group, over, direction: "behind" }] : [];
  });
}

function movesBefore(graph: DisjunctiveGraph, { group, tasks }: Block): Move[] {
  const target = tasks[0] ?? 0;
  return tasks.slice(tasks.length > 2 ? 1 : 2).flatMap((task, place): Move[] => {
    const over = tasks.slice(0, place + 1);
    return canGoBefore(graph, task, { group, target }) ? [{ task, group, over, direction: "before" }] : [];
  });
}

/** No other way leads from `task` to `target`: whatever else waits for `task` has less behind it than `target` has. */
function canGoBehind(
  graph: DisjunctiveGraph,
  task: number,
  { group, target }: { group: number; target: number },
): boolean {
  const { problem, tail, links } = graph;
  const { duration, followers } = problem;
  const limit = (tail[target] ?? 0) + (duration[target] ?? 0);
  const isApart = (other: number): boolean => {
    const own = duration[other] ?? 0;
    const length = (tail[other] ?? 0) + own;
    return other !== target && (length < limit || (length === limit && own > 0));
  };
  for (const follower of followers[task] ?? []) if (!isApart(follower)) return false;
  for (const link of links[task] ?? []) {
    if (link.group !== group && link.next !== NONE && !isApart(link.next)) return false;
  }
  return true;
}

/** No other way leads from `target` to `task`: whatever else `task` waits for ends no later than `target`. */
function canGoBefore(
  graph: DisjunctiveGraph,
  task: number,
  { group, target }: { group: number; target: number },
): boolean {
  const { problem, head, links } = graph;
  const { duration, needs } = problem;
  const limit = (head[target] ?? 0) + (duration[target] ?? 0);
  const isApart = (other: number): boolean => {
    const own = duration[other] ?? 0;
    const length = (head[other] ?? 0) + own;
    return other !== target && (length < limit || (length === limit && own > 0));
  };
  for (const need of needs[task] ?? []) if (!isApart(need)) return false;
  for (const link of links[task] ?? []) {
    if (link.group !== group && link.previous !== NONE && !isApart(link.previous)) return false;
  }
  return true;
}

function criticalBlocks(graph: DisjunctiveGraph, end: number, random: Random): Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  for (let step = firstStep(graph, end, random); step !== undefined; step = nextStep(graph, step.task, random)) {
    const { task, from, group } = step;
    if (group !== NONE && block?.group === group) {
      block.tasks.push(task);
      continue;
    }
    block = group === NONE ? undefined : { group, tasks: [from, task] };
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

/** A task of the path, the one before it, and the group that leads from that one to it; NONE where a need does. */
interface Step {
  task: number;
  from: number;
  group: number;
}

function firstStep({ problem, head, tail }: DisjunctiveGraph, end: number, random: Random): Step | undefined {
  const { duration, release, size } = problem;
  const found: Step[] = [];
  for (let task = 0; task < size; task++) {
    const begin = head[task] ?? 0;
    if (begin === release[task] && begin + (duration[task] ?? 0) + (tail[task] ?? 0) === end) {
      found.push({ task, from: NONE, group: NONE });
    }
  }
  return found[random.below(found.length)];
}

function nextStep({ problem, head, tail, links }: DisjunctiveGraph, from: number, random: Random): Step | undefined {
  const { duration, followers } = problem;
  const rest = tail[from] ?? 0;
  const done = (head[from] ?? 0) + (duration[from] ?? 0);
  const isCritical = (task: number): boolean =>
    (tail[task] ?? 0) + (duration[task] ?? 0) === rest && head[task] === done;
  const found: Step[] = [];
  for (const task of followers[from] ?? []) if (isCritical(task)) found.push({ task, from, group: NONE });
  for (const { group, next } of links[from] ?? []) {
    if (next !== NONE && isCritical(next)) found.push({ task: next, from, group });
  }
  return found.length > 1 ? found[random.below(found.length)] : found[0];
}
