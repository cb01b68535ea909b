/** Phase 3 over a run: what its settings say about slots, pools and agents, and for a stream the order its results merge in. */
import { planBatches } from "./3-batch/plan-batches.ts";
import type { PlanRequest, TaskDetails } from "./3-batch/plan-request.ts";
import { streamOrder } from "./3-batch/stream-order.ts";
import type { ExecutionPlan } from "./model/execution-plan.ts";
import { ok, type Result } from "./model/result.ts";
import type { RunSettings } from "./model/run.ts";
import type { Task } from "./model/task.ts";

export interface RunPlanRequest extends Omit<PlanRequest, "pools" | "details"> {
  settings: RunSettings;
  /** in the middle of a stream: its order until now */
  order?: string[] | undefined;
}

export function planRun({ settings, order, ...request }: RunPlanRequest): Result<ExecutionPlan> {
  const { tasks } = request.list;
  const planned = planBatches({ ...request, ...limitsOf(settings, tasks) });
  if (!planned.ok || planned.value.mode !== "streaming") return planned;
  const starts = planned.value.schedule.map(({ task_id }, place) => [task_id, place] as const);
  const places = new Map(order === undefined ? starts : order.map((id, place) => [id, place]));
  const ids = tasks.map((task) => task.id);
  return ok({ ...planned.value, order: streamOrder(ids, request.graph, places) });
}

/** To the planner an agent's limit is a pool of which each of its tasks takes one. */
function limitsOf(settings: RunSettings, tasks: Task[]): Pick<PlanRequest, "pools" | "details"> {
  const pools: Record<string, number> = { ...settings.pools };
  const details = new Map<string, TaskDetails>();
  for (const task of tasks) {
    const agent = task.command === undefined ? (task.agent ?? settings.agent) : undefined;
    const most = agent === undefined ? undefined : settings.agents[agent]?.max_parallel;
    if (most === undefined) continue;
    pools[`agent ${agent}`] = most;
    details.set(task.id, { pools: { [`agent ${agent}`]: 1 } });
  }
  return { pools, details };
}
