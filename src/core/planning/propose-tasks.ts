/** Phase 1.1 over a run: the tasks a client brought, or those a pattern finds in the base commit. */
import { surveyBase } from "../1-decompose/pattern/base-survey.ts";
import { tasksFromPattern } from "../1-decompose/pattern/tasks-from-pattern.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import type { WorkflowRun } from "../model/orchestration.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { WorkPattern } from "../model/work-pattern.ts";
import type { Begun } from "../run/begin-run.ts";
import { dueTasks } from "../workflow/due-tasks.ts";
import { phaseAgentProblem } from "./begin-workflow.ts";

/** Where the tasks of a run come from. */
export type Work = { tasks: unknown[] } | { pattern: WorkPattern } | { workflow: WorkflowRun };

export async function proposeTasks(begun: Begun, work: Work): Promise<Result<unknown[]>> {
  if ("tasks" in work) return ok(work.tasks);
  if ("workflow" in work) return firstTasks(begun, work.workflow);
  const repository = repositoryFor("phase_1_decompose", begun.repository);
  return tasksFromPattern(work.pattern, await surveyBase({ repository, ...begun.code }, begun.run.base_commit));
}

/** The tasks of every phase that can be placed before anything has run. */
function firstTasks({ run }: Begun, workflow: WorkflowRun): Result<unknown[]> {
  const problem = phaseAgentProblem(workflow, run.settings);
  if (problem !== undefined) return err(problem);
  const synced = workflow.sync_after === null;
  const nothing = { status: () => undefined, output: () => undefined, stopped: new Set<string>() };
  return ok(dueTasks({ run: workflow, taskIds: [], synced, ...nothing }, run.settings.validate));
}
