/** Phase 3, streaming — where locks hold a plan: tabu search over the orders of the tasks in them (after Nowicki and Smutnicki, Zhang et al.). */
import type { MutexGroups } from "../problem/mutex-groups.ts";
import type { Keeps } from "../problem/priorities.ts";
import type { Problem } from "../problem/problem.ts";
import { Random } from "../random.ts";
import type { SearchBudget } from "../search-budget.ts";
import { criticalMoves, type Move } from "./critical-moves.ts";
import { DisjunctiveGraph, NONE } from "./disjunctive-graph.ts";
import { estimateMove } from "./estimate-move.ts";

/** More tasks than this need too much memory for what is forbidden. */
const MOST_TASKS = 2_500;
/** Moves without a better plan, after which the search goes back to the best and leaves it another way. */
const PATIENCE = 2_500;
const KICKS = 12;

export interface LockOrderSearch {
  mutexes: MutexGroups;
  /** the schedule to begin with */
  start: Float64Array;
  bound: number;
  /** whether a schedule may be the plan; `start` may */
  keeps: Keeps;
  budget: SearchBudget;
}

/** Whether needs and locks alone decide the plan: there are no pools, nothing runs yet, and never do more tasks than slots run at once. */
export function isHeldByLocks({ size, slots, pools, running }: Problem, { members, groups }: MutexGroups): boolean {
  const loose = groups.filter((row) => row.length === 0).length;
  const most = Math.min(size, loose + members.length);
  const isPlain = pools.every(({ demand }) => demand.every((units) => units === 0)) && !running.includes(1);
  return members.length > 0 && size <= MOST_TASKS && isPlain && most <= slots;
}

export function searchLockOrders(problem: Problem, search: LockOrderSearch): Float64Array {
  return new LockOrders(problem, search).run();
}

class LockOrders {
  readonly #graph: DisjunctiveGraph;
  readonly #search: LockOrderSearch;
  readonly #random = new Random();
  /** a × tasks + b → the step until which a must not come to stand before b again */
  readonly #forbidden: Int32Array;
  readonly #size: number;
  readonly #tenure: number;
  readonly #cost: number;
  #best: Float64Array;
  #bestEnd: number;
  #step = 0;

  constructor(problem: Problem, search: LockOrderSearch) {
    this.#graph = new DisjunctiveGraph(problem, search.mutexes);
    this.#search = search;
    this.#size = problem.size;
    this.#forbidden = new Int32Array(problem.size ** 2);
    const { members } = search.mutexes;
    const length = members.reduce((sum, tasks) => sum + tasks.length, 0) / members.length;
    this.#tenure = 10 + Math.ceil(length / members.length);
    this.#cost = Math.ceil(problem.size / 3) + 40;
    this.#graph.arrange(search.start);
    this.#bestEnd = this.#graph.evaluate();
    this.#best = this.#graph.head.slice();
  }

  run(): Float64Array {
    let [end, idle] = [this.#bestEnd, 0];
    while (this.#bestEnd > this.#search.bound && this.#search.budget.spend(this.#cost)) {
      const move = this.#choose(criticalMoves(this.#graph, end, this.#random));
      if (move === undefined) break;
      end = this.#carryOut(move);
      idle = this.#keep(end) ? 0 : idle + 1;
      if (idle < PATIENCE) continue;
      end = this.#leaveAnotherWay();
      idle = 0;
    }
    return this.#best;
  }

  #keep(end: number): boolean {
    if (end >= this.#bestEnd || !this.#search.keeps((task) => this.#graph.head[task] ?? 0)) return false;
    this.#bestEnd = end;
    this.#best = this.#graph.head.slice();
    return true;
  }

  /** The move that promises the shortest plan among those allowed; one that promises a new best is always allowed. */
  #choose(moves: readonly Move[]): Move | undefined {
    let [chosen, least, equals]: [Move | undefined, number, number] = [undefined, Infinity, 0];
    for (const move of moves) {
      const estimate = estimateMove(this.#graph, move);
      if (estimate > least || (estimate >= this.#bestEnd && this.#isForbidden(move))) continue;
      equals = estimate < least ? 1 : equals + 1;
      if (equals === 1 || this.#random.below(equals) === 0) chosen = move;
      least = estimate;
    }
    return chosen ?? moves[this.#random.below(moves.length)];
  }

  #isForbidden({ task, over, direction }: Move): boolean {
    return over.some((other) => {
      const place = direction === "behind" ? other * this.#size + task : task * this.#size + other;
      return (this.#forbidden[place] ?? 0) > this.#step;
    });
  }

  #carryOut({ task, group, over, direction }: Move): number {
    const until = ++this.#step + this.#tenure + this.#random.below(Math.ceil(this.#tenure / 2));
    for (const other of over) {
      const place = direction === "behind" ? task * this.#size + other : other * this.#size + task;
      this.#forbidden[place] = until;
    }
    const after = direction === "behind" ? (over.at(-1) ?? NONE) : this.#graph.link(over[0] ?? 0, group).previous;
    this.#graph.move(task, group, after);
    return this.#graph.evaluate();
  }

  /** Back to the best, and from there some steps by chance. */
  #leaveAnotherWay(): number {
    this.#graph.arrange(this.#best);
    let end = this.#graph.evaluate();
    this.#forbidden.fill(0);
    for (let kick = 0; kick < KICKS; kick++) {
      const moves = criticalMoves(this.#graph, end, this.#random);
      const move = moves[this.#random.below(moves.length)];
      if (move === undefined) break;
      end = this.#carryOut(move);
      this.#keep(end);
    }
    return end;
  }
}
