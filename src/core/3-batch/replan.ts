/** Phase 3 while a run goes on: batches that have begun stay as they are, the rest is planned anew from there. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { formatDuration } from "../model/duration.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Task } from "../model/task.ts";
import type { TaskList } from "../model/task-list.ts";
import { SYNC_OVERHEAD_MS, totalTime } from "./group-into-batches.ts";
import { keepGroups } from "./keep-groups.ts";
import { scheduleOf, toBatch } from "./lay-out.ts";
import { planBatches } from "./plan-batches.ts";

export interface ReplanRequest {
  /** all tasks of the run, those that came later included */
  list: TaskList;
  graph: DependencyGraph;
  /** the plan until now */
  plan: ExecutionPlan;
  /** numbers of the batches that have begun */
  begun: Set<number>;
}

/** A new order must be this much faster to be worth a plan that people have seen already. */
const WORTH_A_CHANGE = 1.1;

/**
 * Batches that have begun keep number, tasks and place. The rest keeps its order, with new tasks put in where they fit, unless a
 * dependency or a conflict forces another, or planning it anew is more than a tenth faster.
 */
export function replanBatches({ list, graph, plan, begun }: ReplanRequest): ExecutionPlan {
  const kept = plan.batches.filter((batch) => begun.has(batch.batch_id));
  const rest = restOf(list, graph, new Set(kept.flatMap((batch) => batch.tasks)));
  if (rest.list.tasks.length === 0) return plan;
  const fresh = planBatches(rest.list, rest.graph, plan.max_parallel);
  const groups = chosenGroups(rest, fresh, { plan, begun });
  const first = Math.max(0, ...kept.map((batch) => batch.batch_id)) + 1;
  const past = kept.reduce((sum, batch) => sum + batch.estimated_time_ms + SYNC_OVERHEAD_MS, 0);
  const keptIds = new Set(kept.flatMap((batch) => batch.tasks));
  const parallelMs = past + totalTime(groups);
  return {
    ...fresh,
    batches: [...kept, ...groups.map((tasks, index) => toBatch(tasks, first + index))],
    schedule: [...plan.schedule.filter(({ task_id }) => keptIds.has(task_id)), ...scheduleOf(groups, past)],
    total_batches: kept.length + groups.length,
    why: kept.length === 0 ? fresh.why : `of what has not begun: ${fresh.why}`,
    ...times(parallelMs, list.estimated_total_time_sequential_ms, past + fresh.lower_bound_ms),
  };
}

function chosenGroups(
  rest: { list: TaskList; graph: DependencyGraph },
  fresh: ExecutionPlan,
  { plan, begun }: Pick<ReplanRequest, "plan" | "begun">,
): Task[][] {
  const tasks = new Map(rest.list.tasks.map((task) => [task.id, task]));
  const groupsOf = (batches: ExecutionPlan["batches"]): Task[][] =>
    batches.map((batch) => batch.tasks.flatMap((id) => tasks.get(id) ?? [])).filter((group) => group.length > 0);
  const anew = groupsOf(fresh.batches);
  const before = groupsOf(plan.batches.filter((batch) => !begun.has(batch.batch_id)));
  const stable = keepGroups(before, rest, plan.max_parallel);
  if (stable === undefined || totalTime(stable) > totalTime(anew) * WORTH_A_CHANGE) return anew;
  return stable;
}

/** The tasks that are not in `fixed` as if they were all there is: what is done, or on its way, holds nothing up any more. */
function restOf(
  list: TaskList,
  graph: DependencyGraph,
  fixed: Set<string>,
): { list: TaskList; graph: DependencyGraph } {
  const tasks = list.tasks.filter((task) => !fixed.has(task.id));
  const ms = tasks.reduce((sum, task) => sum + task.estimated_ms, 0);
  const open = (ids: string[]): string[] => ids.filter((id) => !fixed.has(id));
  const needs = tasks.map((task) => [task.id, open(graph.tasks[task.id] ?? [])] as const);
  const chain = longestChain(tasks, new Map(needs));
  return {
    list: { ...list, tasks, total_tasks: tasks.length, estimated_total_time_sequential_ms: ms },
    graph: {
      ...graph,
      tasks: Object.fromEntries(needs),
      conflicts: graph.conflicts.filter(([a, b]) => !fixed.has(a) && !fixed.has(b)),
      locks: Object.fromEntries(Object.entries(graph.locks).map(([lock, ids]) => [lock, open(ids)])),
      critical_path: chain,
      critical_path_ms: tasks.reduce((sum, task) => sum + (chain.includes(task.id) ? task.estimated_ms : 0), 0),
    },
  };
}

function longestChain(tasks: Task[], needs: Map<string, string[]>): string[] {
  const ms = new Map(tasks.map((task) => [task.id, task.estimated_ms]));
  const chains = new Map<string, { ids: string[]; ms: number }>();
  const chainOf = (id: string): { ids: string[]; ms: number } => {
    const known = chains.get(id);
    if (known !== undefined) return known;
    const before = (needs.get(id) ?? []).map(chainOf).reduce(longer, { ids: [], ms: 0 });
    const chain = { ids: [...before.ids, id], ms: before.ms + (ms.get(id) ?? 0) };
    chains.set(id, chain);
    return chain;
  };
  return tasks.map((task) => chainOf(task.id)).reduce(longer, { ids: [], ms: 0 }).ids;
}

function longer<T extends { ms: number }>(a: T, b: T): T {
  return b.ms > a.ms ? b : a;
}

function times(parallelMs: number, sequentialMs: number, boundMs: number): Partial<ExecutionPlan> {
  return {
    estimated_parallel_time: formatDuration(parallelMs),
    estimated_parallel_time_ms: parallelMs,
    estimated_sequential_time: formatDuration(sequentialMs),
    estimated_sequential_time_ms: sequentialMs,
    time_savings: formatDuration(sequentialMs - parallelMs),
    time_savings_ms: sequentialMs - parallelMs,
    estimated_speedup: rounded(sequentialMs / parallelMs),
    lower_bound_ms: boundMs,
    gap: rounded((parallelMs - boundMs) / boundMs),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
