/** A run that is on its way takes up what changed about its work: phases 2 and 3 again, for what has not started. */
import { taskListOf } from "../1-decompose/decompose.ts";
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { gatherEvidence } from "../2-dependency/gather-evidence.ts";
import { keepStarted } from "../2-dependency/keep-started.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import type { Amendment } from "../model/amendment.ts";
import type { Event } from "../model/event.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { TaskList } from "../model/task-list.ts";
import type { OwnedRun, Planned, PlannedRun } from "../run/planned-run.ts";
import { replanRun } from "./replan-run.ts";
import { changedTask, supersede } from "./retry-run.ts";

/** For the run's owner: takes up every amendment that was left for it, and returns the run as it is then. */
export async function takeUpAmendments(context: OwnedRun): Promise<OwnedRun> {
  let current = context;
  for (const { seq, ...amendment } of context.ports.store.amendments(context.session.run.run_id)) {
    const amended = await amendRun(current, amendment, [seq]);
    if (amended.ok) current = amended.value;
    else refuse(current, seq, amended.error.message);
  }
  return current;
}

function refuse({ session }: OwnedRun, seq: number, message: string): void {
  session.record({ taken_up: [seq], events: [{ type: "amendment_refused", message, amendment: seq }] });
}

/** For the run's owner: makes the amendment part of the run, durably, and forgets the entries `taken_up` that asked for it. */
export async function amendRun(
  context: OwnedRun,
  amendment: Amendment,
  taken_up: number[] = [],
): Promise<Result<OwnedRun>> {
  const list = amendedList(context.list, amendment);
  if (!list.ok) return list;
  const begun = amendment.type === "retry" ? supersede(context, amendment) : context;
  const planned = await replan(begun, list.value);
  if (!planned.ok) return planned;
  const { graph, plan } = planned.value;
  const artefacts = { task_list: list.value, dependency_graph: graph, execution_plan: plan };
  context.session.record({ artefacts, taken_up, events: eventsOf(amendment, context, planned.value) });
  return ok({ ...begun, ...planned.value });
}

function amendedList({ tasks }: TaskList, amendment: Amendment): Result<TaskList> {
  if (amendment.type === "grow_scope") {
    const { task_id, files } = amendment;
    return ok(
      taskListOf(tasks.map((task) => (task.id === task_id ? { ...task, files: [...task.files, ...files] } : task))),
    );
  }
  if (amendment.type === "retry") return ok(taskListOf(tasks.map((task) => changedTask(task, amendment.tasks))));
  const ids = new Set(tasks.map((task) => task.id));
  const taken = amendment.tasks.find((task) => ids.has(task.id));
  if (taken === undefined) return ok(taskListOf([...tasks, ...amendment.tasks]));
  const message = `task ${taken.id} was added by someone else meanwhile`;
  return err(failure("invalid_tasks", message, "add it again under another id"));
}

/** Phases 2 and 3 for the tasks of `list` that have not begun; the rest of the run stays as it was. */
async function replan(context: PlannedRun, list: TaskList): Promise<Result<Planned>> {
  const { session, graph: before } = context;
  const { run, code } = session;
  const repository = repositoryFor("phase_2_dependency", session.repository);
  const evidence = await gatherEvidence(list.tasks, { repository, ...code, commit: run.base_commit });
  const { same_file, ordering } = { same_file: run.settings.same_file, ...run.settings.analysis };
  const options = { evidence, ...(ordering === undefined ? {} : { ordering }) };
  const analysed = analyzeDependencies(list, same_file, options);
  if (!analysed.ok) return analysed;
  const graph = keepStarted(analysed.value, before, startedTasks(context));
  const replanned = replanRun({ ...context, list, graph });
  return replanned.ok ? ok({ list, graph, plan: replanned.value }) : replanned;
}

/** In batches the tasks of every batch that has begun, in a stream those that have. */
function startedTasks({ session, ports, plan }: PlannedRun): Set<string> {
  const { run_id } = session.run;
  if (plan.mode === "streaming") return new Set(ports.store.attempts(run_id).map((attempt) => attempt.task_id));
  const begun = new Set((ports.store.artefact(run_id, "batch_log") ?? []).map((entry) => entry.batch_id));
  return new Set(plan.batches.filter((batch) => begun.has(batch.batch_id)).flatMap((batch) => batch.tasks));
}

function changeOf(amendment: Amendment): Event {
  switch (amendment.type) {
    case "add_tasks":
      return { type: "tasks_added", tasks: amendment.tasks.map((task) => task.id) };
    case "grow_scope":
      return { type: "scope_grown", task_id: amendment.task_id, files: amendment.files };
    case "retry":
      return { type: "retry_begun", tasks: amendment.tasks.map(({ task_id }) => task_id) };
  }
}

function eventsOf(amendment: Amendment, { plan: before }: Planned, { plan }: Planned): Event[] {
  const change = changeOf(amendment);
  const shape = ({ batches }: Planned["plan"]): string => JSON.stringify(batches.map((batch) => batch.tasks));
  if (shape(before) === shape(plan)) return [change];
  const parts = plan.mode === "streaming" ? "one stream" : `${plan.total_batches} batches now`;
  const why = `${parts}, ${plan.estimated_parallel_time} in all`;
  return [change, { type: "replanned", why }];
}
