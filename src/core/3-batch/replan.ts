/** Phase 3 while a run goes on: batches that have begun stay as they are, the rest is planned anew from there. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Result } from "../model/result.ts";
import type { TaskList } from "../model/task-list.ts";
import { planBatches } from "./plan-batches.ts";
import { SYNC_OVERHEAD_MS } from "./sync-overhead.ts";

export interface ReplanRequest {
  /** all tasks of the run, those that came later included */
  list: TaskList;
  graph: DependencyGraph;
  /** the plan until now */
  plan: ExecutionPlan;
  /** numbers of the batches that have begun */
  begun: Set<number>;
  /** pool → units there are */
  pools?: Readonly<Record<string, number>>;
}

/**
 * Batches that have begun keep number, tasks and place. The rest keeps its order, with new tasks put in where they fit, unless a
 * dependency or a conflict forces another, or planning it anew is more than a tenth faster.
 */
export function replanBatches({ list, graph, plan, begun, pools }: ReplanRequest): Result<ExecutionPlan> {
  const kept = plan.batches.filter((batch) => begun.has(batch.batch_id));
  const keptIds = new Set(kept.flatMap((batch) => batch.tasks));
  if (list.tasks.every((task) => keptIds.has(task.id))) return { ok: true, value: plan };
  const past = kept.reduce((sum, batch) => sum + batch.estimated_time_ms + SYNC_OVERHEAD_MS, 0);
  const fresh = planBatches({
    ...{ list, graph, pools, mode: plan.mode, objective: plan.objective, max_parallel: plan.max_parallel },
    previous: plan.batches.filter((batch) => !begun.has(batch.batch_id)).map((batch) => batch.tasks),
    begun: {
      now_ms: past,
      tasks: plan.schedule.filter(({ task_id }) => keptIds.has(task_id)),
      batches: kept,
    },
  });
  if (!fresh.ok || kept.length === 0) return fresh;
  return { ok: true, value: { ...fresh.value, why: `of what has not begun: ${fresh.value.why}` } };
}
