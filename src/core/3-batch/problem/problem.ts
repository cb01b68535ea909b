/** The planning input in the form the engine computes with: tasks are their places in the list, sets are rows of numbers. */
import type { Rows } from "./rows.ts";

export interface Problem {
  /** number of tasks */
  size: number;
  ids: readonly string[];
  duration: Float64Array;
  release: Float64Array;
  priority: Float64Array;
  /** 1 where a task runs already: it starts at 0 */
  running: Uint8Array;
  needs: Rows;
  followers: Rows;
  /** all tasks, each after what it needs; the lowest place first where several could come */
  order: Int32Array;
  /** pairs that never run side by side, seen from both */
  rivals: Rows;
  /** task → locks, and lock → tasks */
  locks: Rows;
  holders: Rows;
  lockNames: readonly string[];
  slots: number;
  pools: readonly Pool[];
}

export interface Pool {
  name: string;
  capacity: number;
  /** task → units it holds */
  demand: Float64Array;
}

/** The same work run backwards: what followed is needed first. Releases and running tasks do not count there. */
export function reversed(problem: Problem): Problem {
  return {
    ...problem,
    needs: problem.followers,
    followers: problem.needs,
    order: problem.order.slice().reverse(),
    release: new Float64Array(problem.size),
    running: new Uint8Array(problem.size),
  };
}
