/** Phase 1 for a run that has begun: more tasks, and tasks that are to be done again in another way, judged like any task list beside those that are there. */
import { decompose } from "../1-decompose/decompose.ts";
import { linksOf } from "../1-decompose/links.ts";
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import type { Retry } from "../model/amendment.ts";
import { ok, type Result } from "../model/result.ts";
import { type Task, TaskInput } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { needed, type Session } from "../run/run-session.ts";
import { changedTask } from "./retry-run.ts";

/** The new tasks, as phase 1 makes them: what they name may be tasks of the run, and files that its results have made. */
export async function judgeTasks(
  session: Session,
  tasks: unknown[],
  ports: Pick<OrchestratorPorts, "store" | "configuration">,
): Promise<Result<Task[]>> {
  const { run_id } = session.run;
  const list = needed(ports, run_id, "task_list");
  if (!list.ok) return list;
  const pending = ports.store.amendments(run_id).flatMap((one) => (one.type === "add_tasks" ? one.tasks : []));
  return judged(session, { tasks, existing: [...list.value.tasks, ...pending] }, ports);
}

/** Tasks as they are to be done again. */
export async function retriedTasks(
  { session, list }: Pick<PlannedRun, "session" | "list">,
  retries: Retry[],
  ports: Pick<OrchestratorPorts, "store" | "configuration">,
): Promise<Result<Task[]>> {
  const names = new Set(retries.map(({ task_id }) => task_id));
  const again = list.tasks.filter(({ id }) => names.has(id)).map((task) => asInput(changedTask(task, retries)));
  return judged(session, { tasks: again, existing: list.tasks.filter(({ id }) => !names.has(id)) }, ports);
}

/** A task as its author would have written it. */
function asInput(task: Task): Record<string, unknown> {
  return Object.fromEntries(Object.entries(task).filter(([key]) => key in TaskInput.shape));
}

async function judged(
  session: Session,
  { tasks, existing }: { tasks: unknown[]; existing: Task[] },
  ports: Pick<OrchestratorPorts, "store" | "configuration">,
): Promise<Result<Task[]>> {
  const { run } = session;
  const reader = repositoryFor("phase_1_decompose", session.repository);
  const commit = ports.store.artefact(run.run_id, "integration")?.tip ?? run.base_commit;
  const [baseFiles, lfsPaths] = [await reader.files(commit), await reader.lfsPaths(commit)];
  const allow_task_commands = run.settings.allow_task_commands || ports.configuration.allow_task_commands;
  const settings = { ...run.settings, allow_task_commands };
  const links = await linksOf(reader, baseFiles);
  const whole = decompose({ tasks, existing, settings, baseFiles, lfsPaths, links });
  if (!whole.ok) return whole;
  const circle = analyzeDependencies(whole.value, run.settings.same_file);
  return circle.ok ? ok(whole.value.tasks.slice(existing.length)) : circle;
}
