/** Where one phase of one instance stands, worked out from its tasks and what they came to; nothing of it is stored. */
import type { TaskStatus } from "../model/batch-results.ts";
import type { WorkflowInstance, WorkflowRun } from "../model/orchestration.ts";
import type { TaskOutput } from "../model/task-output.ts";
import type { WorkflowPhase } from "../model/workflow.ts";
import { declaringTaskId, isTaskOf, scopeTaskId } from "./phase-tasks.ts";

/** State that decides how a workflow goes on. */
export interface WorkflowProgress {
  run: WorkflowRun;
  /** ids of the run's tasks, in their order */
  taskIds: string[];
  status(taskId: string): TaskStatus | undefined;
  /** what an accepted task handed back */
  output(taskId: string): TaskOutput | undefined;
  /** instances that were put aside: they go no further */
  stopped: ReadonlySet<string>;
  /** whether the sync point is behind us, or there is none */
  synced: boolean;
}

/**
 * - `unplaced` — it has no tasks yet
 * - `declaring` — its scope is being declared, by a task of its own
 * - `placed` — its tasks are in the run
 * - `done`, `empty` — they succeeded, or its scope was declared to be nothing
 * - `failed` — one of them did
 */
export type PhaseStatus = "unplaced" | "declaring" | "placed" | "done" | "empty" | "failed";

/** The tasks that do a phase's work, without the one that declares its scope. */
export function tasksOf(progress: WorkflowProgress, instance: WorkflowInstance, phase: WorkflowPhase): string[] {
  const scope = scopeTaskId(instance.id, phase);
  return progress.taskIds.filter((id) => id !== scope && isTaskOf(id, instance.id, phase));
}

export function phaseStatus(progress: WorkflowProgress, instance: WorkflowInstance, phase: WorkflowPhase): PhaseStatus {
  const own = tasksOf(progress, instance, phase);
  const scope = scopeTaskId(instance.id, phase);
  const isDeclaring = progress.taskIds.includes(scope);
  const statuses = [...own, ...(isDeclaring ? [scope] : [])].map((id) => progress.status(id));
  if (statuses.some((status) => status === "failed" || status === "skipped")) return "failed";
  if (own.length > 0) return statuses.every((status) => status === "success") ? "done" : "placed";
  const declaring = declaringTaskId(instance.id, phase);
  if (declaring !== undefined && progress.output(declaring)?.tasks?.length === 0) return "empty";
  return isDeclaring ? "declaring" : "unplaced";
}

/** Whether the instance will do no more: all phases are behind it, or one of them failed, or it was put aside. */
export function hasEnded(progress: WorkflowProgress, instance: WorkflowInstance): boolean {
  if (progress.stopped.has(instance.id)) return true;
  const statuses = progress.run.workflow.phases.map((phase) => phaseStatus(progress, instance, phase));
  return statuses.includes("failed") || statuses.every(isBehind);
}

export function isBehind(status: PhaseStatus): boolean {
  return status === "done" || status === "empty";
}
