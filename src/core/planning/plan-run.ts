/** Phase 3 over a run: what its settings say about slots, pools and agents, and for a stream the order its results merge in. */
import { correctEstimates } from "../3-batch/correct-estimates.ts";
import { planBatches } from "../3-batch/plan-batches.ts";
import type { PlanRequest, TaskDetails } from "../3-batch/plan-request.ts";
import { streamOrder } from "../3-batch/stream-order.ts";
import type { Estimate } from "../model/estimate.ts";
import type { ExecutionPlan, PlanMode, PlanObjective } from "../model/execution-plan.ts";
import { planShape } from "../model/plan-shape.ts";
import { ok, type Result } from "../model/result.ts";
import type { Run, RunSettings } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { RunStore } from "../ports/run-store.ts";
import { needed } from "../run/run-session.ts";
import type { PhaseDone } from "./plan-phase.ts";

export interface RunPlanRequest extends Omit<PlanRequest, "pools" | "details"> {
  settings: RunSettings;
  /** in the middle of a stream: its order until now */
  order?: string[] | undefined;
  /** what past runs made of the declared estimates */
  estimates: Estimate[];
}

/** Newest tasks of the repository that estimates are corrected by. */
const REMEMBERED = 500;

/** Estimates of these tasks from past runs of the repository, as known now. */
export function estimatesOf(run: Pick<Run, "repository" | "settings">, tasks: Task[], store: RunStore): Estimate[] {
  if (tasks.length === 0) return [];
  return correctEstimates(tasks, store.durations(run.repository, REMEMBERED), run.settings.agent);
}

/** Options of one plan, over the run's settings. */
export interface PlanOptions {
  max_parallel?: number | undefined;
  mode?: PlanMode | undefined;
  objective?: PlanObjective | undefined;
  time_budget_ms?: number | undefined;
}

/** Phase 3 before the first agent has started. */
export function planAgain(
  run: Run,
  options: PlanOptions,
  { store, clock }: Pick<OrchestratorPorts, "store" | "clock">,
): Result<PhaseDone<ExecutionPlan>> {
  const { settings } = run;
  const list = needed({ store }, run.run_id, "task_list");
  if (!list.ok) return list;
  const graph = needed({ store }, run.run_id, "dependency_graph");
  if (!graph.ok) return graph;
  const plan = planRun({
    list: list.value,
    graph: graph.value,
    now: () => clock.now(),
    settings,
    max_parallel: options.max_parallel ?? settings.max_parallel,
    estimates: estimatesOf(run, list.value.tasks, store),
    mode: options.mode ?? settings.mode,
    objective: options.objective ?? settings.objective,
    time_budget_ms: options.time_budget_ms,
  });
  if (!plan.ok) return plan;
  const { recommendation, why } = plan.value;
  const summary = `${planShape(plan.value)}, ${recommendation}: ${why}`;
  return ok({ phase: "phase_3_batch", summary, artefacts: { execution_plan: plan.value }, value: plan.value });
}

export function planRun({ settings, order, estimates, ...request }: RunPlanRequest): Result<ExecutionPlan> {
  const { tasks } = request.list;
  const planned = planBatches({ ...request, ...limitsOf(settings, tasks, estimates) });
  if (!planned.ok) return planned;
  const plan = estimates.length === 0 ? planned.value : { ...planned.value, estimates };
  if (plan.mode !== "streaming") return ok(plan);
  const starts = plan.schedule.map(({ task_id }, place) => [task_id, place] as const);
  const places = new Map(order === undefined ? starts : order.map((id, place) => [id, place]));
  const ids = tasks.map((task) => task.id);
  return ok({ ...plan, order: streamOrder(ids, request.graph, places) });
}

/** To the planner an agent's limit is a pool of which each of its tasks takes one. */
function limitsOf(settings: RunSettings, tasks: Task[], estimates: Estimate[]): Pick<PlanRequest, "pools" | "details"> {
  const pools: Record<string, number> = { ...settings.pools };
  const details = new Map<string, TaskDetails>();
  for (const { task_id, planned_ms } of estimates) details.set(task_id, { estimated_ms: planned_ms });
  for (const task of tasks) {
    const agent = task.command === undefined ? (task.agent ?? settings.agent) : undefined;
    const most = agent === undefined ? undefined : settings.agents[agent]?.max_parallel;
    if (most === undefined) continue;
    pools[`agent ${agent}`] = most;
    details.set(task.id, { ...details.get(task.id), pools: { [`agent ${agent}`]: 1 } });
  }
  return { pools, details };
}
