/** Locks and conflicting pairs as one thing: sets of tasks of which one runs at a time. Pairs that all conflict become one set. */
import type { Problem } from "./problem.ts";
import { rankBy } from "./rank.ts";
import { emptyRows, type Rows, turned } from "./rows.ts";

export interface MutexGroups {
  /** group → tasks, and task → groups */
  members: Rows;
  groups: Rows;
  /** the sets that come from conflicting pairs */
  cliques: Rows;
}

export function mutexGroups(problem: Problem): MutexGroups {
  const { size, holders } = problem;
  const cliques = cliquesOf(problem);
  const members = [...holders.filter((row) => row.length > 1), ...cliques];
  return { members, groups: turned(members, size), cliques };
}

/** The same problem with every conflict as a lock, so that whoever waits for one waits in a queue instead of being asked again and again. */
export function withLocksAlone(problem: Problem, { members, groups }: MutexGroups): Problem {
  return {
    ...problem,
    rivals: emptyRows(problem.size),
    holders: members,
    locks: groups,
    lockNames: members.map((_, group) => `group ${group}`),
  };
}

/**
 * Sets in which everybody is everybody's rival, such that every pair of rivals is in one of them: each grown greedily from a pair.
 * They go by the tasks' names, so that the order of the list changes none of them.
 */
function cliquesOf({ size, ids, rivals }: Problem): number[][] {
  if (rivals.every((row) => row.length === 0)) return [];
  const rank = rankBy(size, (a, b) => ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1));
  const byName = (row: readonly number[]): number[] => [...row].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const rows = rivals.map(byName);
  const uncovered = rows.map((row) => new Set(row));
  const cliques: number[][] = [];
  for (const task of byName([...rivals.keys()])) {
    const partners = uncovered[task] ?? new Set();
    for (let partner = first(partners); partner !== undefined; partner = first(partners)) {
      const clique = grow(rows, uncovered, [task, partner]);
      cliques.push(clique);
      for (const a of clique) for (const b of clique) uncovered[a]?.delete(b);
    }
  }
  return cliques;
}

/** Adds common rivals as long as there are some; those whose pair with the first is still uncovered come first. */
function grow(rivals: Rows, uncovered: readonly Set<number>[], pair: [number, number]): number[] {
  const [one, other] = pair;
  const clique: number[] = [...pair];
  const near = new Set(rivals[other]);
  const open = uncovered[one];
  let candidates = (rivals[one] ?? []).filter((task) => near.has(task));
  candidates = [...candidates.filter((task) => open?.has(task)), ...candidates.filter((task) => !open?.has(task))];
  while (candidates.length > 0) {
    const next = candidates[0] ?? 0;
    clique.push(next);
    const around = new Set(rivals[next]);
    candidates = candidates.filter((task) => around.has(task));
  }
  return clique.sort((a, b) => a - b);
}

function first(tasks: ReadonlySet<number>): number | undefined {
  return tasks.values().next().value;
}
