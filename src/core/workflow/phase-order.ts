/** A workflow's phases in an order that keeps every gate, and which of them wait behind the sync point. */
import type { WorkflowRun } from "../model/orchestration.ts";
import type { Workflow, WorkflowPhase } from "../model/workflow.ts";
import { needsOf } from "../model/workflow-problems.ts";

/** As the file has them, except that a phase comes after those it needs; gates form no circle. */
export function phasesInOrder({ phases }: Workflow): WorkflowPhase[] {
  const ordered: WorkflowPhase[] = [];
  const visit = (phase: WorkflowPhase): void => {
    if (ordered.includes(phase)) return;
    for (const needed of neededPhases(phases, phase)) visit(needed);
    ordered.push(phase);
  };
  for (const phase of phases) visit(phase);
  return ordered;
}

export function neededPhases(phases: WorkflowPhase[], phase: WorkflowPhase): WorkflowPhase[] {
  const needs = needsOf(phases, phase);
  return phases.filter((candidate) => needs.includes(candidate.id));
}

export function isBehindSync({ workflow, sync_after }: WorkflowRun, phase: WorkflowPhase): boolean {
  if (sync_after === null) return false;
  const ordered = phasesInOrder(workflow);
  return ordered.indexOf(phase) > ordered.findIndex(({ id }) => id === sync_after);
}
