/** Phase 3's certificate — no plan for this work can be shorter than this, and what holds it there, by name. */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import { heads, longestChain, tails } from "../problem/path-lengths.ts";
import type { Problem } from "../problem/problem.ts";
import type { SearchBudget } from "../search-budget.ts";
import { aloneTasks, withoutTimeOf } from "./alone.ts";
import { energyBound } from "./energy-bound.ts";
import { type Chains, oneMachineBound } from "./one-machine-bound.ts";
import { packingBound } from "./packing-bound.ts";

export interface Bound {
  ms: number;
  /** `chain a → b`, `5 slots`, `lock database`, `conflict a, b, c`, `pool cpu` */
  by: string;
}

/** More tasks than this are bounded by their sums alone. */
const MOST_TASKS = 400;
/** Steps for the stretches of time; the same whatever the budget is. */
const STEPS = 300_000;

/**
 * The longest of: the critical path, and what the slots, the pools, the locks and the sets of conflicting tasks make of the work and
 * of the chains before and behind it. Sync overhead is not included.
 */
export function lowerBound(problem: Problem, mutexes: MutexGroups, budget: SearchBudget): Bound {
  const simple = simpleBound(problem, mutexes);
  if (problem.size > MOST_TASKS) return simple;
  const aside = budget.beside(STEPS);
  const alone = problem.release.some((ms) => ms > 0) ? [] : aloneTasks(problem, mutexes);
  if (alone.length === 0) return improved(problem, simple, aside);
  const rest = withoutTimeOf(problem, alone);
  const bound = improved(rest, simpleBound(rest, mutexes), aside);
  const ms = bound.ms + alone.reduce((sum, task) => sum + (problem.duration[task] ?? 0), 0);
  if (ms <= simple.ms) return simple;
  const names = alone.map((task) => problem.ids[task] ?? "").sort();
  return { ms, by: `conflict of ${names.join(", ")} with all others, and ${bound.by}` };
}

function simpleBound(problem: Problem, mutexes: MutexGroups): Bound {
  const chain = longestChain(problem);
  const path: Bound = { ms: chain.ms, by: `chain ${chain.tasks.map((task) => problem.ids[task]).join(" → ")}` };
  return [path, ...sums(problem)].reduce(longer, mutexBound(problem, mutexes) ?? path);
}

/** Bound improved for the slots and for each pool: by packing whole tasks, and by the work that must lie in a stretch of time. */
function improved(problem: Problem, simple: Bound, budget: SearchBudget): Bound {
  const spend = (steps: number): boolean => budget.spend(steps);
  const slots = { capacity: problem.slots, demand: new Float64Array(problem.size).fill(1), name: slotsName(problem) };
  const pools = problem.pools.map((pool) => ({ ...pool, name: `pool ${pool.name}` }));
  return [slots, ...pools].reduce((best, pool) => {
    const packed = packingBound(problem, pool, { bound: best.ms, spend });
    return longer(best, { ms: energyBound(problem, pool, { bound: packed, spend }), by: pool.name });
  }, simple);
}

function longer(one: Bound, other: Bound): Bound {
  return other.ms > one.ms ? other : one;
}

function slotsName({ slots }: Problem): string {
  return slots === 1 ? "1 slot" : `${slots} slots`;
}

/** The work divided by what there is for it. */
function sums(problem: Problem): Bound[] {
  const { duration, slots, pools } = problem;
  const work = duration.reduce((total, ms) => total + ms, 0);
  const inPools = pools.map(({ name, capacity, demand }) => {
    const energy = demand.reduce((total, units, task) => total + units * (duration[task] ?? 0), 0);
    return { ms: Math.ceil(energy / capacity), by: `pool ${name}` };
  });
  return [{ ms: Math.ceil(work / slots), by: slotsName(problem) }, ...inPools];
}

/** The longest that a lock or a set of conflicting tasks takes; undefined where there is neither. It is named rather than the chain that the list makes of it. */
function mutexBound(problem: Problem, { cliques }: MutexGroups): Bound | undefined {
  const { duration, holders, lockNames, ids } = problem;
  const tail = tails(problem);
  const chains: Chains = { head: heads(problem), behind: tail.map((ms, task) => (duration[task] ?? 0) - ms), duration };
  const bound = problem.size > MOST_TASKS ? workBound : oneMachineBound;
  const sets = [...holders, ...cliques];
  let [worst, ms] = [-1, -1];
  for (const [place, tasks] of sets.entries()) {
    const found = bound(tasks, chains);
    if (found > ms) [worst, ms] = [place, found];
  }
  if (worst === -1) return undefined;
  const conflict = () =>
    `conflict ${[...(sets[worst] ?? [])]
      .map((task) => ids[task] ?? "")
      .sort()
      .join(", ")}`;
  return { ms, by: worst < holders.length ? `lock ${lockNames[worst]}` : conflict() };
}

/** The work, with the shortest way to it and from it. */
function workBound(tasks: readonly number[], { head, behind, duration }: Chains): number {
  let [work, before, after] = [0, Infinity, Infinity];
  for (const task of tasks) {
    work += duration[task] ?? 0;
    before = Math.min(before, head[task] ?? 0);
    after = Math.min(after, -(behind[task] ?? 0));
  }
  return before + work + after;
}
