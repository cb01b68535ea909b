/** Answer to a client that asks for work when nothing is offered: that something will be soon, or why nothing is. Phase 4.1 for clients. */
import { worksInClient } from "../4-execute/attempt-context.ts";
import { chooseStarts } from "../4-execute/choose-starts.ts";
import type { TaskResult } from "../model/batch-results.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { currentResults } from "../run/current-results.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { stateOf } from "../run/run-status.ts";
import { waitingFor } from "../run/waiting-for.ts";

/** Some task is for clients, by its own word or the run's: those are handed out instead of started. */
export function handsOutTasks(runId: string, { store }: Pick<OrchestratorPorts, "store">): boolean {
  const run = store.run(runId);
  const tasks = store.artefact(runId, "task_list")?.tasks ?? [];
  return run !== undefined && tasks.some((task) => worksInClient({ run, task }));
}

/** Whether a task for clients (that one, where it is named) will be offered without anybody doing anything. */
export function offerComes(context: PlannedRun, taskId: string | undefined): boolean {
  const { session, ports, list, plan } = context;
  const { run_id } = session.run;
  const run = ports.store.run(run_id) ?? session.run;
  if (run.pause_requested || stateOf(run, ports) !== "executing") return false;
  const handedOut = new Set(
    ports.store.leases(run_id).flatMap((lease) => (lease.state === "ended" ? [] : lease.task_id)),
  );
  const isExpected = (task: Task): boolean =>
    worksInClient({ run, task }) && (taskId === undefined || task.id === taskId) && !handedOut.has(task.id);
  const results = currentResults(context);
  const running = list.tasks.filter((task) => results.get(task.id)?.status === "running");
  if (running.some(isExpected)) return true;
  const isPending = (task: Task): boolean => results.get(task.id)?.status === "pending";
  if (running.length === 0) return list.tasks.some((task) => isPending(task) && isExpected(task));
  const limits = { ...run.settings, max_parallel: plan.max_parallel };
  return chooseStarts(startable(context, results), running, limits).some(isExpected);
}

/** Of the batches that have begun, what waits for nothing. */
function startable(context: PlannedRun, results: Map<string, TaskResult>): Task[] {
  const { session, ports, plan, list } = context;
  const log = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  const begun = new Set(log.filter((entry) => entry.finished_at === undefined).map((entry) => entry.batch_id));
  const ids = new Set(plan.batches.filter((batch) => begun.has(batch.batch_id)).flatMap((batch) => batch.tasks));
  const blocked = waitingFor(context, results);
  return list.tasks.filter(({ id }) => ids.has(id) && results.get(id)?.status === "pending" && !blocked.has(id));
}

/** Why nothing is offered, in one sentence. */
export function whyNone(context: PlannedRun, taskId: string | undefined): string {
  const { ports, session, list } = context;
  const run: Run = ports.store.run(session.run.run_id) ?? session.run;
  const state = stateOf(run, ports);
  if (state !== "executing") return `the run is ${state}: nothing is offered`;
  if (run.pause_requested) return "the run is being paused: nothing is offered";
  const results = currentResults(context);
  const task = list.tasks.find(({ id }) => id === taskId);
  if (task !== undefined) {
    const waits = waitingFor(context, results).get(task.id);
    if (waits !== undefined) return `task ${task.id} waits for ${waits.join(", ")}`;
    const status = results.get(task.id)?.status ?? "pending";
    return worksInClient({ run, task })
      ? `task ${task.id} is ${status}`
      : `task ${task.id} is done by ${agentOf(task, run)}`;
  }
  const running = [...results.values()].filter((result) => result.status === "running").map(({ task_id }) => task_id);
  return running.length === 0 ? "no task can start now" : `no task can start before these end: ${running.join(", ")}`;
}

function agentOf(task: Task, { settings }: Run): string {
  return task.command === undefined ? `agent ${task.agent ?? settings.agent}` : "its own command";
}
