/** The names of a workflow's tasks: instance and phase are read back from them, so that a killed run needs no other record. */

import type { WorkflowPhase } from "../model/workflow.ts";
import { wordOf } from "../model/workflow-problems.ts";

const SCOPE = "scope";

/** `dark-mode.research`: the one task of a phase that is not split. */
export function phaseTaskId(instanceId: string, phase: Pick<WorkflowPhase, "id">): string {
  return `${instanceId}.${wordOf(phase.id)}`;
}

/** `dark-mode.execution.2`: one of the tasks that were declared for a writing phase. */
export function declaredTaskId(instanceId: string, phase: Pick<WorkflowPhase, "id">, number: number): string {
  return `${phaseTaskId(instanceId, phase)}.${number}`;
}

/** `issue-101.reproduce.scope`: the reading task in which a writing phase declares its own scope. */
export function scopeTaskId(instanceId: string, phase: Pick<WorkflowPhase, "id">): string {
  return `${phaseTaskId(instanceId, phase)}.${SCOPE}`;
}

/** Whether the task belongs to that phase of that instance. */
export function isTaskOf(taskId: string, instanceId: string, phase: Pick<WorkflowPhase, "id">): boolean {
  const own = phaseTaskId(instanceId, phase);
  return taskId === own || taskId.startsWith(`${own}.`);
}

export function instanceOf(taskId: string, instanceIds: readonly string[]): string | undefined {
  return instanceIds.find((id) => taskId.startsWith(`${id}.`));
}

/** A phase whose scope nobody declares and no file fixes: it begins by declaring it. */
export function declaresItself(phase: WorkflowPhase): boolean {
  return phase.access === "write" && phase.scope === undefined;
}

/** The task that declares this phase's scope, or undefined when its scope is fixed. */
export function declaringTaskId(instanceId: string, phase: WorkflowPhase): string | undefined {
  if (declaresItself(phase)) return scopeTaskId(instanceId, phase);
  if (phase.scope === undefined || !("from" in phase.scope)) return undefined;
  return phaseTaskId(instanceId, { id: phase.scope.from });
}
