/** Phase 3 — the execution plan: batches or a stream, estimated times and savings, the bound they are measured by, and whether parallel pays at all. */
import { formatDuration } from "../model/duration.ts";
import {
  type Batch,
  DEFAULT_TIME_BUDGET_MS,
  type ExecutionPlan,
  type PlanMode,
  type ScheduledTask,
} from "../model/execution-plan.ts";
import type { Failure } from "../model/failure.ts";
import { ok, type Result } from "../model/result.ts";
import type { Partition } from "./batches/partition.ts";
import { type Bound, lowerBound } from "./certificate/lower-bound.ts";
import { verdict } from "./certificate/verdict.ts";
import { planPartition } from "./plan-partition.ts";
import type { PlanRequest, Work } from "./plan-request.ts";
import { workOf } from "./plan-request.ts";
import { makespan, planStream } from "./plan-stream.ts";
import { compileProblem } from "./problem/compile-problem.ts";
import { mutexGroups } from "./problem/mutex-groups.ts";
import type { Problem } from "./problem/problem.ts";
import { SearchBudget } from "./search-budget.ts";
import { assignSlots } from "./streaming/assign-slots.ts";
import { SYNC_OVERHEAD_MS } from "./sync-overhead.ts";

/** What the planners of both modes hand over. Times count from the moment the plan begins at. */
interface Layout {
  batches: Partition;
  start: Float64Array;
  slots: Int32Array;
  ms: number;
}

export function planBatches(request: PlanRequest): Result<ExecutionPlan, Failure> {
  const { mode = "batches", objective = "time", time_budget_ms = DEFAULT_TIME_BUDGET_MS, now } = request;
  const budget = new SearchBudget({ ms: time_budget_ms, now });
  const work = workOf(request);
  const compiled = compileProblem(work.input);
  if (!compiled.ok) return compiled;
  const problem = compiled.value;
  const mutexes = mutexGroups(problem);
  const bound = lowerBound(problem, mutexes, budget);
  const layout =
    mode === "streaming"
      ? streamLayout(problem, planStream(problem, { bound, mutexes, budget }))
      : batchLayout(problem, planPartition(problem, { price: SYNC_OVERHEAD_MS, bound: 0, budget }));
  const truncated = budget.truncated;
  return ok({ mode, objective, ...assemble(request, { work, problem, bound, layout, mode }), truncated });
}

interface Parts {
  work: Work;
  problem: Problem;
  bound: Bound;
  layout: Layout;
  mode: PlanMode;
}

function assemble(request: PlanRequest, parts: Parts): Omit<ExecutionPlan, "mode" | "objective" | "truncated"> {
  const { work, problem, bound, layout } = parts;
  const batches = allBatches(request, parts);
  const parallelMs = work.begins_ms + layout.ms;
  const sequentialMs = sequentialTime(request);
  const lower = work.begins_ms + bound.ms;
  const busy = problem.duration.reduce((sum, ms) => sum + ms, 0);
  const makespanMs = makespan(problem, layout.start);
  return {
    batches,
    schedule: scheduleOf(request, parts),
    total_batches: batches.length,
    max_parallel: request.max_parallel,
    estimated_parallel_time: formatDuration(parallelMs),
    estimated_parallel_time_ms: parallelMs,
    estimated_sequential_time: formatDuration(sequentialMs),
    estimated_sequential_time_ms: sequentialMs,
    time_savings: formatDuration(sequentialMs - parallelMs),
    time_savings_ms: sequentialMs - parallelMs,
    estimated_speedup: ratio(sequentialMs, parallelMs),
    lower_bound_ms: lower,
    gap: lower === 0 ? 0 : rounded((parallelMs - lower) / lower),
    bound_by: bound.by,
    optimal: makespanMs === bound.ms,
    idle_ms: request.max_parallel * makespanMs - busy,
    speedup_ceiling: ratio(sequentialMs, lower),
    advice: [],
    ...verdict(batches, { mode: parts.mode, widest: widest(layout), parallelMs, sequentialMs }),
  };
}

function previousOf({ previous }: PlanRequest, { ids }: Problem): Partition | undefined {
  if (previous === undefined) return undefined;
  const places = new Map(ids.map((id, place) => [id, place]));
  return previous
    .map((batch) => batch.flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b))
    .filter((batch) => batch.length > 0);
}

function streamLayout(problem: Problem, start: Float64Array): Layout {
  const batches = problem.size === 0 ? [] : [[...problem.order].sort((a, b) => a - b)];
  const ms = makespan(problem, start) + SYNC_OVERHEAD_MS * batches.length;
  return { batches, start, slots: assignSlots(problem, start), ms };
}

function batchLayout(problem: Problem, batches: Partition): Layout {
  const [start, slots] = [new Float64Array(problem.size), new Int32Array(problem.size)];
  let ms = 0;
  for (const batch of batches) {
    let longest = 0;
    for (const [slot, task] of batch.entries()) {
      start[task] = ms;
      slots[task] = slot + 1;
      longest = Math.max(longest, problem.duration[task] ?? 0);
    }
    ms += longest + SYNC_OVERHEAD_MS;
  }
  return { batches, start, slots, ms };
}

function allBatches(request: PlanRequest, { problem, layout, mode, work }: Parts): Batch[] {
  const kept = request.begun?.batches ?? [];
  if (mode === "streaming") {
    const tasks = request.list.tasks.map((task) => task.id);
    const ms = work.begins_ms + Math.max(0, layout.ms - SYNC_OVERHEAD_MS);
    return tasks.length === 0 ? [] : [toBatch(1, tasks, { ms, parallel: widest(layout) > 1 })];
  }
  const last = kept.reduce((highest, batch) => Math.max(highest, batch.batch_id), 0);
  const added = layout.batches.map((batch, index) => {
    const ms = batch.reduce((longest, task) => Math.max(longest, problem.duration[task] ?? 0), 0);
    const ids = batch.map((task) => problem.ids[task] ?? "");
    return toBatch(last + index + 1, ids, { ms, parallel: batch.length > 1 });
  });
  return [...kept, ...added];
}

function toBatch(batch_id: number, tasks: string[], { ms, parallel }: { ms: number; parallel: boolean }): Batch {
  return { batch_id, parallel, tasks, estimated_time: formatDuration(ms), estimated_time_ms: ms, sync_after: true };
}

/** What has begun with the times it had, then the rest; by start, then place in the list. */
function scheduleOf({ begun, list }: PlanRequest, { problem, layout, work }: Parts): ScheduledTask[] {
  const planned = problem.ids.map((task_id, task) => {
    const start_ms = work.begins_ms + (layout.start[task] ?? 0);
    return { task_id, slot: layout.slots[task] ?? 0, start_ms, end_ms: start_ms + (problem.duration[task] ?? 0) };
  });
  const kept = new Map((begun?.tasks ?? []).map((entry) => [entry.task_id, entry]));
  const fresh = planned.filter((entry) => !kept.has(entry.task_id));
  const place = new Map(list.tasks.map((task, index) => [task.id, index]));
  return [...kept.values(), ...fresh].sort(
    (a, b) => a.start_ms - b.start_ms || (place.get(a.task_id) ?? 0) - (place.get(b.task_id) ?? 0),
  );
}

/** Every task's time one after the other; one that has begun counts with the time it took. */
function sequentialTime({ list, details, begun }: PlanRequest): number {
  const taken = new Map((begun?.tasks ?? []).map((entry) => [entry.task_id, entry.end_ms - entry.start_ms]));
  const timeOf = (id: string): number | undefined => taken.get(id) ?? details?.get(id)?.estimated_ms;
  return list.tasks.reduce((sum, task) => sum + (timeOf(task.id) ?? task.estimated_ms), 0);
}

function widest({ slots }: Layout): number {
  return slots.reduce((most, slot) => Math.max(most, slot), 0);
}

function ratio(sequentialMs: number, parallelMs: number): number {
  return parallelMs === 0 ? 1 : rounded(sequentialMs / parallelMs);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
