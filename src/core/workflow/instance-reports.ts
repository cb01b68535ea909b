/** Report of each instance: its phases, its end, and why. */
import type { InstanceReport } from "../model/instance-report.ts";
import type { WorkflowInstance } from "../model/orchestration.ts";
import { type FailedInstance, isRolledBack } from "./aside.ts";
import { phasesInOrder } from "./phase-order.ts";
import { isBehind, phaseStatus, tasksOf, type WorkflowProgress } from "./phase-status.ts";
import { scopeTaskId } from "./phase-tasks.ts";

type PhaseReport = InstanceReport["phases"][number];

export function instanceReports(progress: WorkflowProgress, failed: FailedInstance[]): InstanceReport[] {
  return progress.run.instances.map((instance) => {
    const phases = phasesInOrder(progress.run.workflow).map((phase): PhaseReport => {
      const scope = scopeTaskId(instance.id, phase);
      const own = tasksOf(progress, instance, phase);
      return {
        phase_id: phase.id,
        status: STATUS[phaseStatus(progress, instance, phase)] ?? "pending",
        tasks: progress.taskIds.includes(scope) ? [scope, ...own] : own,
      };
    });
    const end = failed.find((one) => one.instance.id === instance.id);
    const done = phasesInOrder(progress.run.workflow).every((phase) =>
      isBehind(phaseStatus(progress, instance, phase)),
    );
    return {
      id: instance.id,
      title: instance.title,
      ...(instance.issue === undefined ? {} : { issue: instance.issue.ref }),
      status: end !== undefined ? statusOf(end) : done ? "success" : "pending",
      phases: end === undefined ? phases : phases.map(withoutHope),
      ...(end === undefined ? {} : { why: whyOf(end, instance) }),
    };
  });
}

const STATUS: Record<string, PhaseReport["status"]> = { done: "success", empty: "skipped", failed: "failed" };

/** After a failure what has not run will not. */
function withoutHope(phase: PhaseReport): PhaseReport {
  return phase.status === "pending" && phase.tasks.length === 0 ? { ...phase, status: "skipped" } : phase;
}

function statusOf(end: FailedInstance): InstanceReport["status"] {
  if (!isRolledBack(end)) return "failed";
  return end.handling === "stop_and_escalate" ? "escalated" : "rolled_back";
}

function whyOf({ phase, error, handling }: FailedInstance, { id }: WorkflowInstance): string {
  const where = phase === undefined ? "" : `${phase.id}: `;
  const person = handling === "stop_and_escalate" ? `. A person has to look at ${id}` : "";
  return `${where}${error.code}: ${error.message}`.slice(0, 2_000) + person;
}
