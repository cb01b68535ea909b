/** Phase 3's certificate — no plan for this work can be shorter than this, and what holds it there, by name. */
import { longestChain } from "../problem/path-lengths.ts";
import type { Problem } from "../problem/problem.ts";

export interface Bound {
  ms: number;
  /** `chain a → b`, `5 slots`, `lock database`, `pool cpu` */
  by: string;
}

/** The longest of: the critical path, the work divided by the slots, the work behind each lock and in each pool. Sync overhead not included. */
export function lowerBound(problem: Problem): Bound {
  const chain = longestChain(problem);
  const candidates: Bound[] = [
    { ms: chain.ms, by: `chain ${chain.tasks.map((task) => problem.ids[task]).join(" → ")}` },
    { ms: Math.ceil(sum(problem.duration) / problem.slots), by: `${problem.slots} slots` },
    ...problem.holders.map((row, lock) => ({ ms: workOf(problem, row), by: `lock ${problem.lockNames[lock]}` })),
    ...problem.pools.map(({ name, capacity, demand }) => {
      const energy = sum(demand.map((units, task) => units * (problem.duration[task] ?? 0)));
      return { ms: Math.ceil(energy / capacity), by: `pool ${name}` };
    }),
  ];
  return candidates.reduce((best, candidate) => (candidate.ms > best.ms ? candidate : best));
}

export function workOf({ duration }: Problem, tasks: readonly number[]): number {
  return tasks.reduce((work, task) => work + (duration[task] ?? 0), 0);
}

export function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
