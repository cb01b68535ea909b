/** Phase 3's one model of the work: what the planner of batches and the planner of streams, before a run and in the middle of one, are asked. */

/** A task as the planner sees it. Times are whole milliseconds. */
export interface PlanningTask {
  id: string;
  duration_ms: number;
  /** ids that finish before it starts */
  needs: readonly string[];
  /** pool → units it holds while it runs */
  pools?: Readonly<Record<string, number>> | undefined;
  /** of two tasks that could both start, the one with more of it does; 0 when absent */
  priority?: number | undefined;
  /** it does not start before; 0 when absent */
  release_ms?: number | undefined;
  /** it runs already, and `duration_ms` is what is left of it */
  running?: boolean | undefined;
}

export interface PlanningInput {
  /** in the order of the task list */
  tasks: readonly PlanningTask[];
  /** pairs that never run side by side */
  conflicts: readonly (readonly [string, string])[];
  /** lock → ids that hold it while they run; stored as it is, never expanded into pairs */
  locks: Readonly<Record<string, readonly string[]>>;
  /** pool → units there are */
  pools: Readonly<Record<string, number>>;
  max_parallel: number;
}

/** 10 years: an estimate above it is a mistake, and sums of a hundred thousand stay exact. */
export const MAX_DURATION_MS = 10 * 365 * 24 * 3_600_000;
