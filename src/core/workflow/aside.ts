/** Failure handling of a workflow: which instances go no further, and of which nothing may be in the result. */
import type { Failure } from "../model/failure.ts";
import { failure } from "../model/failure.ts";
import type { WorkflowInstance, WorkflowRun, WorkflowState } from "../model/orchestration.ts";
import type { InstanceFailureHandling, WorkflowPhase } from "../model/workflow.ts";
import { phaseStatus, type WorkflowProgress } from "./phase-status.ts";
import { isTaskOf } from "./phase-tasks.ts";

export interface FailedInstance {
  instance: WorkflowInstance;
  handling: InstanceFailureHandling;
  /** the phase that failed; undefined when it was put aside for what it did to the others */
  phase: WorkflowPhase | undefined;
  error: Failure;
}

/** In the order of the instances. */
export function failedInstances(
  progress: WorkflowProgress,
  state: WorkflowState | undefined,
  errorOf: (taskId: string) => Failure | null | undefined,
): FailedInstance[] {
  const { run } = progress;
  return run.instances.flatMap((instance): FailedInstance[] => {
    const put = state?.aside.find((aside) => aside.instance === instance.id);
    const handling = run.workflow.failure_handling;
    if (put !== undefined) return [{ instance, handling, phase: undefined, error: put.error }];
    const phase = run.workflow.phases.find((one) => phaseStatus(progress, instance, one) === "failed");
    if (phase === undefined) return [];
    const failed = progress.taskIds.filter(
      (id) => isTaskOf(id, instance.id, phase) && progress.status(id) === "failed",
    );
    const error = failed.map(errorOf).find((found) => found != null) ?? UNKNOWN;
    return [{ instance, handling: phase.failure_handling ?? handling, phase, error }];
  });
}

const UNKNOWN = failure("dependency_failed", "a task that it needs failed", "look at the tasks of this instance");

/** Whether the instance's work stays out of the result and nothing more of it starts: it broke the others, or its workflow says so. */
export function isRolledBack({ handling, phase }: FailedInstance): boolean {
  return phase === undefined || handling !== "isolate_and_continue";
}

export function belongsTo(taskId: string, { id }: WorkflowInstance, { workflow }: WorkflowRun): boolean {
  return workflow.phases.some((phase) => isTaskOf(taskId, id, phase));
}
