/** Phase 3 while a run goes on: the batches people have seen, with new tasks put in where they fit. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import type { TaskList } from "../model/task-list.ts";

interface Rules {
  needs: Record<string, string[]>;
  rivals: Map<string, Set<string>>;
  width: number;
}

/** The groups of `before` and every other task of `list`; undefined when no such order keeps dependencies and conflicts. */
export function keepGroups(
  before: Task[][],
  { list, graph }: { list: TaskList; graph: DependencyGraph },
  width: number,
): Task[][] | undefined {
  const rules: Rules = { needs: graph.tasks, rivals: rivalsOf(graph), width };
  const groups = before.map((group) => [...group]);
  const group = new Map(groups.flatMap((tasks, index) => tasks.map((task) => [task.id, index] as const)));
  let waiting = list.tasks.filter((task) => !group.has(task.id));
  while (waiting.length > 0) {
    const task = waiting.find(({ id }) => (rules.needs[id] ?? []).every((needed) => group.has(needed)));
    if (task === undefined) return undefined;
    group.set(task.id, place(task, groups, { rules, after: lastNeed(task, group, rules) }));
    waiting = waiting.filter((other) => other !== task);
  }
  return isSound(groups, group, rules) ? inListOrder(groups, list) : undefined;
}

function rivalsOf(graph: DependencyGraph): Map<string, Set<string>> {
  const rivals = new Map<string, Set<string>>();
  for (const pair of graph.conflicts) {
    for (const [one, other] of [pair, [...pair].reverse()]) {
      if (one !== undefined && other !== undefined) rivals.set(one, (rivals.get(one) ?? new Set()).add(other));
    }
  }
  return rivals;
}

function lastNeed(task: Task, group: Map<string, number>, { needs }: Rules): number {
  return Math.max(-1, ...(needs[task.id] ?? []).map((id) => group.get(id) ?? -1));
}

/** The number of the first group after `after` that has room for the task; a new one at the end where none has. */
function place(task: Task, groups: Task[][], { rules, after }: { rules: Rules; after: number }): number {
  const found = groups.findIndex(
    (group, index) =>
      index > after && group.length < rules.width && group.every((other) => getAlong(task, other, rules)),
  );
  const index = found === -1 ? groups.length : found;
  groups[index] = [...(groups[index] ?? []), task];
  return index;
}

function getAlong(a: Task, b: Task, { rivals }: Rules): boolean {
  return rivals.get(a.id)?.has(b.id) !== true && !a.locks.some((lock) => b.locks.includes(lock));
}

function isSound(groups: Task[][], group: Map<string, number>, rules: Rules): boolean {
  return groups.every((tasks, index) =>
    tasks.every((task, position) => {
      if (lastNeed(task, group, rules) >= index) return false;
      return tasks.slice(position + 1).every((other) => getAlong(task, other, rules));
    }),
  );
}

function inListOrder(groups: Task[][], { tasks }: TaskList): Task[][] {
  const places = new Map(tasks.map((task, index) => [task, index]));
  return groups.map((group) => group.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0)));
}
