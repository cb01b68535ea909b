/** Phase 1.1 over a run: the tasks a client brought, or those a pattern finds in the base commit. */
import { surveyBase } from "./1-decompose/pattern/base-survey.ts";
import { tasksFromPattern } from "./1-decompose/pattern/tasks-from-pattern.ts";
import type { Begun } from "./begin-run.ts";
import { repositoryFor } from "./boundary/phase-boundaries.ts";
import { ok, type Result } from "./model/result.ts";
import type { WorkPattern } from "./model/work-pattern.ts";

/** Where the tasks of a run come from. */
export type Work = { tasks: unknown[] } | { pattern: WorkPattern };

export async function proposeTasks(begun: Begun, work: Work): Promise<Result<unknown[]>> {
  if ("tasks" in work) return ok(work.tasks);
  const repository = repositoryFor("phase_1_decompose", begun.repository);
  return tasksFromPattern(work.pattern, await surveyBase({ repository, ...begun.code }, begun.run.base_commit));
}
