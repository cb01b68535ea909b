/** How a workflow goes on: the tasks of every phase that can be placed now, for all instances at once, as phase 1 takes tasks. */
import type { WorkflowInstance } from "../model/orchestration.ts";
import type { WorkflowPhase } from "../model/workflow.ts";
import { declaredTasks } from "./declared-tasks.ts";
import { isBehindSync, neededPhases, phasesInOrder } from "./phase-order.ts";
import { hasEnded, isBehind, type PhaseStatus, phaseStatus, tasksOf, type WorkflowProgress } from "./phase-status.ts";
import { declaresItself, declaringTaskId, phaseTaskId, scopeTaskId } from "./phase-tasks.ts";
import { instructionsFor, phaseTitle, scopeInstructions } from "./task-text.ts";

/** A task to be proposed to phase 1: at least these fields. */
export interface DueTask {
  id: string;
  description: string;
  depends_on: string[];
  [field: string]: unknown;
}

/** In the order of instances and phases; empty when the workflow waits for running tasks, or is over. */
export function dueTasks(progress: WorkflowProgress, validate: string[] = []): DueTask[] {
  return eligible(progress).flatMap((instance) => dueOfInstance(progress, instance, validate));
}

/** All instances, or with `parallel: false` the first that has not ended. One that failed goes no further. */
function eligible(progress: WorkflowProgress): WorkflowInstance[] {
  const { instances, parallel } = progress.run;
  const open = instances.filter((instance) => !hasEnded(progress, instance) && !waitsAtSync(progress, instance));
  return parallel ? open : open.slice(0, 1);
}

/** Whether the instance has done all that comes before the sync point. */
function waitsAtSync(progress: WorkflowProgress, instance: WorkflowInstance): boolean {
  if (progress.synced) return false;
  const before = progress.run.workflow.phases.filter((phase) => !isBehindSync(progress.run, phase));
  return before.every((phase) => isBehind(phaseStatus(progress, instance, phase)));
}

/** Every instance is there or has failed, and somebody is left to go on. */
export function isSyncDue(progress: WorkflowProgress): boolean {
  if (progress.synced) return false;
  const { instances } = progress.run;
  const waiting = instances.filter((one) => !progress.stopped.has(one.id) && waitsAtSync(progress, one));
  return waiting.length > 0 && instances.every((one) => waiting.includes(one) || hasEnded(progress, one));
}

function dueOfInstance(progress: WorkflowProgress, instance: WorkflowInstance, validate: string[]): DueTask[] {
  const { workflow } = progress.run;
  const statuses = new Map<string, PhaseStatus>();
  const due: DueTask[] = [];
  for (const phase of phasesInOrder(workflow)) {
    const status = phaseStatus(progress, instance, phase);
    statuses.set(phase.id, status);
    if (status !== "unplaced" && status !== "declaring") continue;
    if (!progress.synced && isBehindSync(progress.run, phase)) continue;
    const needs = neededPhases(workflow.phases, phase);
    if (!needs.every((needed) => ["placed", "done", "empty"].includes(statuses.get(needed.id) ?? ""))) continue;
    const placed = placePhase(
      { progress, instance, phase, validate },
      dependencies({ progress, instance }, needs, due),
    );
    due.push(...placed.tasks);
    statuses.set(phase.id, placed.status);
  }
  return due;
}

interface Placing {
  progress: WorkflowProgress;
  instance: WorkflowInstance;
  phase: WorkflowPhase;
  validate: string[];
}

/** The tasks of the needed phases, those that are due in this very step too; of an empty phase the one that declared it so. */
function dependencies(
  { progress, instance }: Pick<Placing, "progress" | "instance">,
  needs: WorkflowPhase[],
  due: DueTask[],
): string[] {
  const known = { ...progress, taskIds: [...progress.taskIds, ...due.map((task) => task.id)] };
  return needs.flatMap((needed) => {
    const own = tasksOf(known, instance, needed);
    return own.length > 0 ? own : (declaringTaskId(instance.id, needed) ?? []);
  });
}

function placePhase(placing: Placing, depends_on: string[]): { tasks: DueTask[]; status: PhaseStatus } {
  const { progress, instance, phase } = placing;
  const declaring = declaringTaskId(instance.id, phase);
  if (declaring === undefined) return { tasks: [wholePhase(placing, depends_on)], status: "placed" };
  if (declaresItself(phase) && !progress.taskIds.includes(declaring)) {
    return { tasks: [scopeTask(placing, depends_on)], status: "declaring" };
  }
  const declared = progress.output(declaring)?.tasks;
  if (declared === undefined) return { tasks: [], status: "unplaced" };
  return { tasks: split(placing, declared, [...new Set([...depends_on, declaring])]), status: "placed" };
}

function common({ progress: { run }, instance, phase, validate }: Placing): Partial<DueTask> {
  const { checks, agent, locks, allow_empty } = phase;
  return {
    instructions: instructionsFor(run, instance, phase),
    access: phase.access,
    ...(agent === undefined ? {} : { agent }),
    ...(checks === "must_pass" ? { checks: validate } : {}),
    ...(checks === "must_fail" ? { red_checks: validate } : {}),
    ...(locks.length === 0 ? {} : { locks }),
    ...(allow_empty ? { allow_empty } : {}),
  };
}

/** A phase of one task: a reading one, or one whose paths are fixed. */
function wholePhase(placing: Placing, depends_on: string[]): DueTask {
  const { instance, phase } = placing;
  const files = phase.scope !== undefined && "files" in phase.scope ? phase.scope.files : [];
  return {
    ...common(placing),
    id: phaseTaskId(instance.id, phase),
    description: phaseTitle(phase, instance),
    depends_on,
    estimated: phase.estimated,
    files: files.map((entry) => filled(entry, instance)),
    ...(phase.outputs.length === 0 ? {} : { outputs: phase.outputs }),
  };
}

/** `docs/**` as a target means the same as `docs`: a scope template adds what it needs. */
function filled(entry: string, { target = "", registry = "" }: WorkflowInstance): string {
  return entry.replaceAll("{target}", target.replace(/\/\*\*$/, "")).replaceAll("{registry}", registry);
}

function scopeTask({ progress: { run }, instance, phase }: Placing, depends_on: string[]): DueTask {
  return {
    id: scopeTaskId(instance.id, phase),
    description: `${phaseTitle(phase, instance)} (which files)`,
    instructions: scopeInstructions(run, instance, phase),
    depends_on,
    access: "read_only",
    files: [],
    outputs: ["tasks"],
    ...(phase.agent === undefined ? {} : { agent: phase.agent }),
  };
}

function split(placing: Placing, declared: unknown[], depends_on: string[]): DueTask[] {
  const tasks = declaredTasks(declared, placing);
  if (!tasks.ok) return [];
  const number = placing.instance.issue?.number;
  const isClosing =
    placing.progress.run.closes_issues && number !== undefined && closingPhase(placing) === placing.phase;
  return tasks.value.map((task, index) => ({
    ...task,
    ...common(placing),
    locks: [...new Set([...placing.phase.locks, ...task.locks])],
    depends_on: [...depends_on, ...task.depends_on],
    ...(isClosing && index === tasks.value.length - 1 ? { closes: [number] } : {}),
  }));
}

/** The phase whose work settles an issue: the one all instances meet after, else the last that writes. */
function closingPhase({ progress: { run } }: Placing): WorkflowPhase | undefined {
  const writing = phasesInOrder(run.workflow).filter((phase) => phase.access === "write");
  return writing.find((phase) => phase.id === run.sync_after) ?? writing.at(-1);
}
