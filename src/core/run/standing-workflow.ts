/** A run's workflow as it stands: read from its tasks and attempts whenever somebody asks, so that a killed run loses nothing. */
import { readOutput } from "../4-execute/read-output.ts";
import type { TaskResult } from "../model/batch-results.ts";
import { failure } from "../model/failure.ts";
import type { WorkflowRun } from "../model/orchestration.ts";
import type { TaskOutput } from "../model/task-output.ts";
import { belongsTo, type FailedInstance, failedInstances, isRolledBack } from "../workflow/aside.ts";
import type { WorkflowProgress } from "../workflow/phase-status.ts";
import type { PlannedRun } from "./planned-run.ts";

/** The context as far as a workflow is read from it. */
type Known = Pick<PlannedRun, "session" | "ports" | "list">;

export interface StandingWorkflow {
  run: WorkflowRun;
  progress: WorkflowProgress;
  failed: FailedInstance[];
}

/** Undefined for a run without a workflow. */
export function standingWorkflow(known: Known, results: Map<string, TaskResult>): StandingWorkflow | undefined {
  const { session, ports, list } = known;
  const run = ports.store.artefact(session.run.run_id, "workflow");
  if (run === undefined) return undefined;
  const state = ports.store.artefact(session.run.run_id, "workflow_state");
  const outputs = outputsOf(known);
  const progress: WorkflowProgress = {
    run,
    taskIds: list.tasks.map((task) => task.id),
    status: (id) => results.get(id)?.status,
    output: (id) => outputs.get(id),
    stopped: new Set(state?.aside.map((aside) => aside.instance)),
    synced: run.sync_after === null || state?.sync !== undefined,
  };
  return { run, progress, failed: failedInstances(progress, state, (id) => results.get(id)?.error) };
}

/** Outputs of accepted tasks, as the parts they owe. */
function outputsOf({ session, ports, list }: Known): Map<string, TaskOutput> {
  const owed = new Map(list.tasks.map((task) => [task.id, task.outputs ?? []]));
  return new Map(
    ports.store.attempts(session.run.run_id).flatMap((attempt) => {
      if (attempt.state !== "accepted" || attempt.output === undefined) return [];
      const read = readOutput(attempt.output, owed.get(attempt.task_id) ?? []);
      return read.ok ? [[attempt.task_id, read.value]] : [];
    }),
  );
}

/** Results in which the tasks of a stopped instance that have not begun are skipped: nothing more of it starts. */
export function withStops(known: Known, results: Map<string, TaskResult>): Map<string, TaskResult> {
  const standing = standingWorkflow(known, results);
  if (standing === undefined) return results;
  const stopped = new Map(results);
  for (const { instance, error } of standing.failed.filter(isRolledBack)) {
    const skip = failure("dependency_failed", `instance ${instance.id} was stopped: ${error.message}`, error.hint);
    for (const [id, result] of results) {
      if (result.status !== "pending" || !belongsTo(id, instance, standing.run)) continue;
      stopped.set(id, { ...result, status: "skipped", error: skip });
    }
  }
  return stopped;
}

/** Ids of tasks whose changes may not be in the result, whatever they came to. */
export function rolledBackTasks(known: Known, results: Map<string, TaskResult>): Set<string> {
  const standing = standingWorkflow(known, results);
  const failed = standing?.failed.filter(isRolledBack) ?? [];
  const ids = known.list.tasks.map((task) => task.id);
  return new Set(
    ids.filter((id) => standing !== undefined && failed.some(({ instance }) => belongsTo(id, instance, standing.run))),
  );
}
