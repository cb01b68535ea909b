/** Phase 1 for a run that has begun: more tasks, judged like any task list, beside those that are there. */
import { decompose } from "../1-decompose/decompose.ts";
import { linksOf } from "../1-decompose/links.ts";
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import { ok, type Result } from "../model/result.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { needed, type Session } from "../run/run-session.ts";

/** The new tasks, as phase 1 makes them: what they name may be tasks of the run, and files that its results have made. */
export async function judgeTasks(
  session: Session,
  tasks: unknown[],
  ports: Pick<OrchestratorPorts, "store" | "configuration">,
): Promise<Result<Task[]>> {
  const { run } = session;
  const list = needed(ports, run.run_id, "task_list");
  if (!list.ok) return list;
  const pending = ports.store.amendments(run.run_id).flatMap((one) => (one.type === "add_tasks" ? one.tasks : []));
  const existing = [...list.value.tasks, ...pending];
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
