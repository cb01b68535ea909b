/** For a run's owner: the phases whose turn has come become tasks of the run, analysed and batched by the same phases 2 and 3 as all others. */
import { type Failure, failure } from "../model/failure.ts";
import type { WorkflowInstance, WorkflowState } from "../model/orchestration.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { Task } from "../model/task.ts";
import { amendRun } from "../planning/amend-run.ts";
import { judgeTasks } from "../planning/judge-tasks.ts";
import { currentResults } from "../run/current-results.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { standingWorkflow } from "../run/standing-workflow.ts";
import { declaredTasks } from "../workflow/declared-tasks.ts";
import { type DueTask, dueTasks, isSyncDue } from "../workflow/due-tasks.ts";
import { declaringTaskId, instanceOf } from "../workflow/phase-tasks.ts";
import { runMergeTrain } from "./merge-train.ts";

/** Places what is due, first at the sync point when all instances have reached it. Repeated after a crash it does the same once. */
export async function advanceWorkflow(context: OwnedRun, signal: AbortSignal): Promise<OwnedRun> {
  const standing = standingWorkflow(context, currentResults(context));
  if (standing === undefined || signal.aborted) return context;
  if (isSyncDue(standing.progress)) {
    await reachBarrier(context, standing.run.sync_after ?? "", signal);
    if (signal.aborted) return context;
  }
  const now = standingWorkflow(context, currentResults(context)) ?? standing;
  const due = dueTasks(now.progress, context.session.run.settings.validate);
  return due.length === 0 ? context : place(context, fromBarrier(context, due), now.run.instances);
}

/** Without barriers a task starts from what it needs alone: behind the sync point that is everything that met there. */
function fromBarrier(context: OwnedRun, due: DueTask[]): DueTask[] {
  const { sync } = workflowStateOf(context);
  if (sync === undefined || context.session.run.settings.mode !== "streaming") return due;
  return due.map((task) => ({ ...task, depends_on: [...new Set([...task.depends_on, ...sync.tasks])] }));
}

/** All together where they fit together; an instance whose tasks phase 1 refuses goes no further, alone. */
async function place(context: OwnedRun, due: DueTask[], instances: WorkflowInstance[]): Promise<OwnedRun> {
  const whole = await added(context, due);
  if (whole.context !== undefined) return whole.context;
  let current = context;
  for (const { id } of instances) {
    const own = due.filter((task) => instanceOf(task.id, [id]) === id);
    if (own.length === 0) continue;
    const alone = await added(current, own);
    if (alone.context === undefined) stopInstances(current, [{ instance: id, error: alone.error }]);
    else current = alone.context;
  }
  return current;
}

type Added = { context: OwnedRun; error?: undefined } | { context?: undefined; error: Failure };

async function added(context: OwnedRun, due: DueTask[]): Promise<Added> {
  const tasks = await judgeTasks(context.session, due, context.ports);
  if (!tasks.ok) return { error: tasks.error };
  const amended = await amendRun(context, { type: "add_tasks", tasks: tasks.value });
  return amended.ok ? { context: amended.value } : { error: amended.error };
}

function workflowStateOf({ session, ports }: OwnedRun): WorkflowState {
  return ports.store.artefact(session.run.run_id, "workflow_state") ?? { aside: [] };
}

function stopInstances(context: OwnedRun, aside: WorkflowState["aside"]): void {
  const state = workflowStateOf(context);
  context.session.record({ artefacts: { workflow_state: { ...state, aside: [...state.aside, ...aside] } } });
}

/**
 * The sync point: everything the instances have is integrated and validated. What breaks the combination is found and left out, and
 * its instance fails; later phases of the others start from what is left.
 */
async function reachBarrier(context: OwnedRun, phase_id: string, signal: AbortSignal): Promise<void> {
  const { session, ports } = context;
  const { conflict_resolution: strategy, validate } = session.run.settings;
  const green = await runMergeTrain(context, { strategy, validate }, signal);
  if (!green.ok) {
    if (!signal.aborted) throw new RunStopped(green.error);
    return;
  }
  const { integration, validation } = green.value;
  const { passed, checks } = validation;
  const tasks = integration.steps.filter(({ outcome }) => outcome !== "empty").map(({ task_id }) => task_id);
  const sync = { phase_id, commit: integration.tip, at: ports.clock.now(), passed, checks, tasks };
  const met = { type: "instances_met", phase_id, commit: integration.tip, passed } as const;
  session.record({ artefacts: { workflow_state: { ...workflowStateOf(context), sync } }, events: [met] });
}

/** Error in the tasks that a planning task declares, so that its next attempt can be told. */
export async function declarationProblem(
  context: OwnedRun,
  task: Task,
  declared: unknown[],
): Promise<Failure | undefined> {
  const standing = standingWorkflow(context, new Map());
  const place = standing?.run.instances
    .flatMap((instance) => standing.run.workflow.phases.map((phase) => ({ instance, phase })))
    .find(({ instance, phase }) => declaringTaskId(instance.id, phase) === task.id);
  if (place === undefined) return undefined;
  const tasks = declaredTasks(declared, place);
  if (!tasks.ok) return tasks.error;
  if (tasks.value.length === 0) return undefined;
  const judged = await judgeTasks(context.session, tasks.value, context.ports);
  if (judged.ok) return undefined;
  const { message, hint, problems = [] } = judged.error;
  const all = problems.length > 1 ? problems.map((problem) => problem.message).join("; ") : message;
  return failure("invalid_output", `tasks: ${all}`, hint);
}
