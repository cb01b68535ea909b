/** Phase 3.4 — "Parallel time: sum(max(batch times)) + sync overhead": what a sync point costs besides the work, merging and fresh workspaces. */
export const SYNC_OVERHEAD_MS = 2_000;
