/** A plan as a chart, whatever draws it: bars in time, sync points between batches, and which bars hold everything up. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { ExecutionPlan } from "../../model/execution-plan.ts";

export interface Bar {
  id: string;
  /** the batch it is in; 1 in a stream */
  batch: number;
  slot: number;
  start_ms: number;
  end_ms: number;
  /** on the longest chain of dependencies */
  critical: boolean;
  /** named locks that it holds while it runs */
  locks: string[];
}

export interface Chart {
  /** by start, then slot */
  bars: Bar[];
  /** where batches end, the last one left out; none in a stream */
  sync_points: number[];
  slots: number;
  end_ms: number;
}

export function chartOf(plan: ExecutionPlan, graph: Pick<DependencyGraph, "critical_path" | "locks">): Chart {
  const critical = new Set(graph.critical_path);
  const batch = new Map(plan.batches.flatMap(({ batch_id, tasks }) => tasks.map((id) => [id, batch_id] as const)));
  const locks = Object.entries(graph.locks);
  const bars = plan.schedule
    .map(({ task_id: id, slot, start_ms, end_ms }): Bar => {
      const held = locks.filter(([, ids]) => ids.includes(id)).map(([lock]) => lock);
      return { id, batch: batch.get(id) ?? 1, slot, start_ms, end_ms, critical: critical.has(id), locks: held.sort() };
    })
    .sort((a, b) => a.start_ms - b.start_ms || a.slot - b.slot);
  const endOf = (batchId: number): number =>
    bars.reduce((latest, bar) => (bar.batch === batchId ? Math.max(latest, bar.end_ms) : latest), 0);
  return {
    bars,
    sync_points: plan.batches.slice(0, -1).map(({ batch_id }) => endOf(batch_id)),
    slots: bars.reduce((most, bar) => Math.max(most, bar.slot), 1),
    end_ms: bars.reduce((latest, bar) => Math.max(latest, bar.end_ms), 0),
  };
}

const STEPS_MS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1_000,
);

/** At most `most` round times from 0 to `end_ms`, evenly apart. */
export function ticks(end_ms: number, most: number): number[] {
  const longest = STEPS_MS.at(-1) ?? end_ms;
  const step = STEPS_MS.find((ms) => end_ms / ms <= most) ?? Math.ceil(end_ms / most / longest) * longest;
  return Array.from({ length: Math.floor(end_ms / step) + 1 }, (_, index) => index * step);
}
