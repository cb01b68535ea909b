/** Phase 3 — the execution plan: batches or a stream, estimated times and savings, the bound they are measured by, and whether parallel pays at all. */
import { formatDuration } from "../model/duration.ts";
import {
  type Batch,
  DEFAULT_TIME_BUDGET_MS,
  type ExecutionPlan,
  type PlanMode,
  type PlanObjective,
  type ScheduledTask,
} from "../model/execution-plan.ts";
import type { Failure } from "../model/failure.ts";
import { ok, type Result } from "../model/result.ts";
import { BatchBound } from "./batches/batch-bound.ts";
import { greedyBatches } from "./batches/greedy-batches.ts";
import { type Partition, timeOf } from "./batches/partition.ts";
import { advice } from "./certificate/advice.ts";
import { type Bound, lowerBound } from "./certificate/lower-bound.ts";
import { verdict } from "./certificate/verdict.ts";
import { batchLayout, type Layout, streamLayout, widest } from "./layout.ts";
import { inListOrder } from "./list-order.ts";
import { planPartition, startPartitions } from "./plan-partition.ts";
import { type PlanRequest, type Work, workOf } from "./plan-request.ts";
import { planStream } from "./plan-stream.ts";
import { compileProblem } from "./problem/compile-problem.ts";
import { type MutexGroups, mutexGroups, withLocksAlone } from "./problem/mutex-groups.ts";
import { longestChain } from "./problem/path-lengths.ts";
import type { Problem } from "./problem/problem.ts";
import { criticalPathRank } from "./problem/rank.ts";
import { emptyRows } from "./problem/rows.ts";
import { SearchBudget } from "./search-budget.ts";
import { listSchedule } from "./streaming/list-schedule.ts";
import { makespan } from "./streaming/makespan.ts";
import { SYNC_OVERHEAD_MS } from "./sync-overhead.ts";

export function planBatches(request: PlanRequest): Result<ExecutionPlan, Failure> {
  const { mode = "batches", objective = "time", time_budget_ms = DEFAULT_TIME_BUDGET_MS, now } = request;
  const budget = new SearchBudget({ ms: time_budget_ms * SEARCHING, now });
  const advising = new SearchBudget({ ms: time_budget_ms, now, steps: time_budget_ms * ADVICE_STEPS_PER_MS });
  const work = workOf(request);
  const compiled = compileProblem(inListOrder(work.input, request.list.tasks));
  if (!compiled.ok) return compiled;
  const problem = compiled.value;
  const bound = lowerBound(problem, boundingGroups(problem), budget);
  const asked = { problem: withoutLocks(problem), budget, bound };
  const planned =
    mode === "streaming"
      ? stream(asked, runningSlots(request, problem))
      : batches(asked, objective, previousOf(request, problem));
  const plan = assemble(request, { work, problem, mode, advising, ...planned });
  return ok({ mode, objective, ...plan, truncated: budget.truncated || advising.truncated });
}

/** Of the time budget: what the certificate and the search may take; advice has the rest. */
const SEARCHING = 0.9;
/** Steps for advice, as few as its part of the time; and what a task costs in a quick plan. */
const ADVICE_STEPS_PER_MS = 1_000;
const QUICK_STEPS = 8;

/** Pairs of conflicting tasks up to which sets of them are looked for: more of them are in the bound as the chains that the list makes of them. */
const MOST_PAIRS = 5_000;

function boundingGroups(problem: Problem): MutexGroups {
  const pairs = problem.rivals.reduce((sum, row) => sum + row.length, 0) / 2;
  return mutexGroups(pairs <= MOST_PAIRS ? problem : { ...problem, rivals: emptyRows(problem.size) });
}

/** The same work for those who plan it: tasks that never run side by side need each other, so that nothing else has to keep them apart. */
function withoutLocks(problem: Problem): Problem {
  return withLocksAlone(problem, noGroups(problem.size));
}

function noGroups(size: number): MutexGroups {
  return { members: [], groups: emptyRows(size), cliques: [] };
}

interface Asked {
  problem: Problem;
  budget: SearchBudget;
  bound: Bound;
}

interface Planned {
  layout: Layout;
  bound: Bound;
  optimal: boolean;
  trade_off?: string;
}

function stream({ problem, budget, bound }: Asked, kept: ReadonlyMap<number, number>): Planned {
  const start = planStream(problem, { bound, mutexes: noGroups(problem.size), budget });
  const optimal = makespan(problem, start) <= bound.ms;
  return { layout: streamLayout(problem, start, { sync: SYNC_OVERHEAD_MS, kept }), bound, optimal };
}

/** The chosen objective gets most of the budget; the other one is planned to say what choosing it would change. */
function batches(
  { problem, budget, bound }: Asked,
  objective: PlanObjective,
  previous: Partition | undefined,
): Planned {
  const other: PlanObjective = objective === "time" ? "batches" : "time";
  const search = { starts: startPartitions(problem), sync: SYNC_OVERHEAD_MS };
  const alternative = planPartition(problem, { ...search, objective: other, budget: budget.share(0.2) });
  const chosen = planPartition(problem, { ...search, objective, budget, previous });
  const full = new BatchBound(problem, 0).of();
  return {
    layout: batchLayout(problem, chosen.partition, SYNC_OVERHEAD_MS),
    bound: full > bound.ms ? { ms: full, by: `${problem.slots} slots` } : bound,
    optimal: chosen.optimal,
    trade_off: `${described(problem, chosen.partition)}; for ${NAMES[other]}: ${described(problem, alternative.partition)}`,
  };
}

const NAMES: Record<PlanObjective, string> = { time: "the shortest time", batches: "the fewest batches" };

function described(problem: Problem, partition: Partition): string {
  const count = partition.length === 1 ? "1 batch" : `${partition.length} batches`;
  return `${count} in ${formatDuration(timeOf(problem, partition, SYNC_OVERHEAD_MS))}`;
}

interface Parts extends Planned {
  work: Work;
  problem: Problem;
  mode: PlanMode;
  advising: SearchBudget;
}

function assemble(request: PlanRequest, parts: Parts): Omit<ExecutionPlan, "mode" | "objective" | "truncated"> {
  const { work, problem, bound, layout, mode, optimal, trade_off } = parts;
  const batches = allBatches(request, parts);
  const parallelMs = work.begins_ms + layout.ms;
  const sequentialMs = sequentialTime(request);
  const lower = work.begins_ms + bound.ms;
  const busy = problem.duration.reduce((sum, ms) => sum + ms, 0);
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
    optimal,
    idle_ms: request.max_parallel * makespan(problem, layout.start) - busy,
    speedup_ceiling: ratio(sequentialMs, lower),
    ...(trade_off === undefined ? {} : { trade_off }),
    advice: advice(problem, { measure: quickPlan(parts), chain: longestChain(problem).tasks }),
    ...verdict(batches, { mode, widest: widest(layout), parallelMs, sequentialMs }),
  };
}

/** How long a plan made without any search takes; undefined when the time for advice is up. */
function quickPlan({ mode, advising }: Parts): (problem: Problem) => number | undefined {
  return (changed) => {
    if (!advising.spend(QUICK_STEPS * changed.size)) return undefined;
    const problem = withoutLocks(changed);
    const rank = criticalPathRank(problem);
    if (mode === "streaming") return makespan(problem, listSchedule(problem, rank));
    return timeOf(problem, greedyBatches(problem, rank), SYNC_OVERHEAD_MS);
  };
}

/** Tasks that run already, and the slots they have: where one overran, and another began in its planned slot, that one has the next free. */
function runningSlots({ begun }: PlanRequest, { ids, running }: Problem): Map<number, number> {
  const planned = new Map(begun?.tasks.map((entry) => [entry.task_id, entry.slot]));
  const slots = new Map<number, number>();
  const taken = new Set<number>();
  for (const [task, id] of ids.entries()) {
    if (running[task] !== 1) continue;
    let slot = planned.get(id) ?? 1;
    if (taken.has(slot)) for (slot = 1; taken.has(slot); slot++);
    slots.set(task, slot);
    taken.add(slot);
  }
  return slots;
}

function previousOf({ previous }: PlanRequest, { ids }: Problem): Partition | undefined {
  if (previous === undefined) return undefined;
  const places = new Map(ids.map((id, place) => [id, place]));
  return previous
    .map((batch) => batch.flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b))
    .filter((batch) => batch.length > 0);
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

/** Schedule of the begun tasks with the times they had, then of the rest; by start, then place in the list. */
function scheduleOf({ begun, list }: PlanRequest, { problem, layout, work }: Parts): ScheduledTask[] {
  const kept = new Map((begun?.tasks ?? []).map((entry) => [entry.task_id, entry]));
  const entries: ScheduledTask[] = [];
  let next = 0;
  for (const { id: task_id } of list.tasks) {
    const task = problem.ids[next] === task_id ? next++ : -1;
    const start_ms = work.begins_ms + (layout.start[task] ?? 0);
    const end_ms = start_ms + (problem.duration[task] ?? 0);
    const begunEntry = kept.get(task_id);
    if (begunEntry !== undefined) entries.push({ ...begunEntry, slot: layout.slots[task] ?? begunEntry.slot });
    else if (task !== -1) entries.push({ task_id, slot: layout.slots[task] ?? 0, start_ms, end_ms });
  }
  return entries.sort((a, b) => a.start_ms - b.start_ms);
}

/** Every task's time one after the other; one that has begun counts with the time it took. */
function sequentialTime({ list, details, begun }: PlanRequest): number {
  const taken = new Map((begun?.tasks ?? []).map((entry) => [entry.task_id, entry.end_ms - entry.start_ms]));
  const timeOf = (id: string): number | undefined => taken.get(id) ?? details?.get(id)?.estimated_ms;
  return list.tasks.reduce((sum, task) => sum + (timeOf(task.id) ?? task.estimated_ms), 0);
}

function ratio(sequentialMs: number, parallelMs: number): number {
  return parallelMs === 0 ? 1 : rounded(sequentialMs / parallelMs);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
