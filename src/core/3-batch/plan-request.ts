/** Request to phase 3: the tasks and their graph, how many agents, and, in the middle of a run, what has begun already. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Batch, PlanMode, PlanObjective, ScheduledTask } from "../model/execution-plan.ts";
import type { Task } from "../model/task.ts";
import type { TaskList } from "../model/task-list.ts";
import type { PlanningInput, PlanningTask } from "./problem/planning-input.ts";

export interface PlanRequest {
  list: Pick<TaskList, "tasks">;
  graph: Pick<DependencyGraph, "tasks" | "conflicts" | "locks">;
  max_parallel: number;
  /** batches when absent */
  mode?: PlanMode | undefined;
  /** time when absent */
  objective?: PlanObjective | undefined;
  /** most milliseconds spent on searching; `DEFAULT_TIME_BUDGET_MS` when absent */
  time_budget_ms?: number | undefined;
  /** milliseconds that only rise; without them the search is cut by its iterations alone */
  now?: (() => number) | undefined;
  /** pool → units there are; none when absent */
  pools?: Readonly<Record<string, number>> | undefined;
  /** what is known about a task beyond its entry in the list */
  details?: ReadonlyMap<string, TaskDetails> | undefined;
  begun?: Begun | undefined;
  /** the batches planned until now that have not begun: kept, unless that is impossible or a new plan is much faster */
  previous?: readonly (readonly string[])[] | undefined;
}

export interface TaskDetails {
  /** in place of the list's estimate */
  estimated_ms?: number;
  /** besides the pools its entry names: pool → units it holds while it runs */
  pools?: Readonly<Record<string, number>>;
}

/** Tasks and batches that a plan in the middle of a run keeps as they are. Times are on the schedule's clock, 0 being the start of the run. */
export interface Begun {
  /** the moment from which the rest is planned */
  now_ms: number;
  /** tasks that have ended (before now) or run (then with the time they are expected to end, after now) */
  tasks: readonly ScheduledTask[];
  /** in batches mode, the batches that have begun: kept with their numbers; none of their tasks is planned again */
  batches: readonly Batch[];
}

export interface Work {
  input: PlanningInput;
  /** the moment the schedule of `input` begins at */
  begins_ms: number;
}

/** Tasks left to plan: in streaming mode including those that run, in batches mode those that begin after the last begun batch. */
export function workOf(request: PlanRequest): Work {
  const { list, graph, begun, mode = "batches" } = request;
  if (begun === undefined) return { input: inputOf(request, list.tasks), begins_ms: 0 };
  const kept = new Map(begun.tasks.map((entry) => [entry.task_id, entry]));
  const begins_ms = beginning(request);
  const inBegunBatch = new Set(begun.batches.flatMap((batch) => batch.tasks));
  const isOpen = ({ id }: Task): boolean => {
    const end = kept.get(id)?.end_ms;
    if (mode === "batches") return end === undefined && !inBegunBatch.has(id);
    return end === undefined || end > begins_ms;
  };
  const open = list.tasks.filter(isOpen);
  const ids = new Set(open.map((task) => task.id));
  const running = (id: string): number | undefined => {
    const end = kept.get(id)?.end_ms;
    return end === undefined ? undefined : end - begins_ms;
  };
  const known = new Set(list.tasks.map((task) => task.id));
  const isSettled = (id: string): boolean => known.has(id) && !ids.has(id);
  const input = inputOf(request, open, running);
  return {
    input: {
      ...input,
      tasks: input.tasks.map((task) => ({ ...task, needs: task.needs.filter((id) => !isSettled(id)) })),
      conflicts: graph.conflicts.filter((pair) => !pair.some(isSettled)),
      locks: openLocks(graph.locks, isSettled),
    },
    begins_ms,
  };
}

/** `tasks` with all that the graph says; `leftMs` is what is left of a task that runs. */
function inputOf(
  request: PlanRequest,
  tasks: readonly Task[],
  leftMs: (id: string) => number | undefined = () => undefined,
): PlanningInput {
  const { graph, pools = {}, max_parallel } = request;
  const planned = tasks.map((task) => planningTask(task, request, leftMs(task.id)));
  return { tasks: planned, conflicts: graph.conflicts, locks: graph.locks, pools, max_parallel };
}

/** In batches mode nothing begins before all that was begun has ended. */
function beginning({ begun, mode = "batches" }: PlanRequest): number {
  if (begun === undefined) return 0;
  if (mode === "streaming") return begun.now_ms;
  return begun.tasks.reduce((latest, { end_ms }) => Math.max(latest, end_ms), begun.now_ms);
}

function planningTask(task: Task, { graph, details }: PlanRequest, leftMs: number | undefined): PlanningTask {
  const { estimated_ms, pools } = details?.get(task.id) ?? {};
  return {
    id: task.id,
    duration_ms: leftMs ?? estimated_ms ?? task.estimated_ms,
    needs: leftMs === undefined ? (graph.tasks[task.id] ?? []) : [],
    pools: pools === undefined ? task.pools : { ...task.pools, ...pools },
    priority: task.priority,
    running: leftMs !== undefined,
  };
}

/** Locks whose holders have all ended are gone; a lock that never had a holder stays, to be refused by name. */
function openLocks(locks: DependencyGraph["locks"], isSettled: (id: string) => boolean): Record<string, string[]> {
  const open = Object.entries(locks).map(([lock, ids]) => [lock, ids.filter((id) => !isSettled(id))] as const);
  return Object.fromEntries(open.filter(([lock, ids]) => ids.length > 0 || locks[lock]?.length === 0));
}
