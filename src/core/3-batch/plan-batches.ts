/** Phase 3 — the execution plan: batches, estimated times and savings, the bound they are measured by, and whether parallel pays at all. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { formatDuration } from "../model/duration.ts";
import type { Batch, ExecutionPlan } from "../model/execution-plan.ts";
import type { TaskList } from "../model/task-list.ts";
import { groupIntoBatches, totalTime } from "./group-into-batches.ts";
import { scheduleOf, toBatch } from "./lay-out.ts";
import { lowerBound } from "./lower-bound.ts";

export function planBatches(list: TaskList, graph: DependencyGraph, maxParallel: number): ExecutionPlan {
  const groups = groupIntoBatches(list.tasks, graph, maxParallel);
  const batches = groups.map((tasks, index) => toBatch(tasks, index + 1));
  const parallelMs = totalTime(groups);
  const sequentialMs = list.estimated_total_time_sequential_ms;
  const bound = lowerBound(list.tasks, graph, maxParallel);
  return {
    batches,
    schedule: scheduleOf(groups),
    total_batches: batches.length,
    max_parallel: maxParallel,
    estimated_parallel_time: formatDuration(parallelMs),
    estimated_parallel_time_ms: parallelMs,
    estimated_sequential_time: formatDuration(sequentialMs),
    estimated_sequential_time_ms: sequentialMs,
    time_savings: formatDuration(sequentialMs - parallelMs),
    time_savings_ms: sequentialMs - parallelMs,
    estimated_speedup: rounded(sequentialMs / parallelMs),
    lower_bound_ms: bound.ms,
    gap: rounded((parallelMs - bound.ms) / bound.ms),
    bound_by: bound.by,
    truncated: false,
    ...verdict(batches, parallelMs, sequentialMs),
  };
}

/** "Don't parallelize" is a result too: one task at a time anyway, or an overhead that eats the gain. */
function verdict(
  batches: Batch[],
  parallelMs: number,
  sequentialMs: number,
): Pick<ExecutionPlan, "recommendation" | "why"> {
  if (batches.every((batch) => !batch.parallel)) {
    const cause = batches.length === 1 ? "there is one task only" : "every batch of the plan holds one task only";
    const why = `${cause}, so one agent after the other does the same with less overhead`;
    return { recommendation: "sequential", why };
  }
  if (parallelMs >= sequentialMs) {
    const [planned, alone] = [formatDuration(parallelMs), formatDuration(sequentialMs)];
    const why = `the batches and their sync points take ${planned}, one task after the other ${alone}`;
    return { recommendation: "sequential", why };
  }
  const widest = Math.max(...batches.map((batch) => batch.tasks.length));
  const saved = formatDuration(sequentialMs - parallelMs);
  return { recommendation: "parallel", why: `up to ${widest} tasks at once save ${saved}` };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
