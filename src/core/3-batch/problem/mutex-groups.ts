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
 * Cliques of tasks that are all rivals of each other, such that every pair of rivals is in one of them: each grown greedily from a pair,
 * by the tasks' names, so that the order of the list changes none of them.
 */
function cliquesOf({ size, ids, rivals }: Problem): number[][] {
  if (rivals.every((row) => row.length === 0)) return [];
  const rank = rankBy(size, (a, b) => ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1));
  const byName = (row: readonly number[]): number[] => [...row].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const rows = rivals.map(byName);
  const uncovered = rows.map((row) => new Set(row));
  const near = new Neighbours(rows);
  const cliques: number[][] = [];
  for (const task of byName([...rivals.keys()])) {
    const partners = uncovered[task] ?? new Set();
    for (let partner = first(partners); partner !== undefined; partner = first(partners)) {
      const clique = grow(near, uncovered, [task, partner]);
      cliques.push(clique);
      for (const a of clique) for (const b of clique) uncovered[a]?.delete(b);
    }
  }
  return cliques;
}

/** Adds common rivals as long as there are some; those whose pair with the first is still uncovered come first. */
function grow(near: Neighbours, uncovered: readonly Set<number>[], pair: [number, number]): number[] {
  const [one, other] = pair;
  const clique: number[] = [...pair];
  const open = uncovered[one];
  const common = near.among(near.of(one), other);
  let candidates = [...common.filter((task) => open?.has(task)), ...common.filter((task) => !open?.has(task))];
  while (candidates.length > 0) {
    const next = candidates[0] ?? 0;
    clique.push(next);
    candidates = near.among(candidates, next);
  }
  return clique.sort((a, b) => a - b);
}

/** Rivals of every task, for repeated queries: one array of marks instead of a set for every query. */
class Neighbours {
  readonly #rows: Rows;
  readonly #marks: Int32Array;
  #mark = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#marks = new Int32Array(rows.length);
  }

  of(task: number): readonly number[] {
    return this.#rows[task] ?? [];
  }

  /** Members of `tasks` that are rivals of `task`, in their order. */
  among(tasks: readonly number[], task: number): number[] {
    this.#mark++;
    for (const rival of this.of(task)) this.#marks[rival] = this.#mark;
    return tasks.filter((other) => this.#marks[other] === this.#mark);
  }
}

function first(tasks: ReadonlySet<number>): number | undefined {
  return tasks.values().next().value;
}
