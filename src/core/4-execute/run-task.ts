/** Phase 4.5 — a task with its retries: each from a clean workspace, told why the last attempt failed. */
import { type Attempt, standing } from "../model/attempt.ts";
import type { TaskStatus } from "../model/batch-results.ts";
import { runBudgetProblem, taskBudgetProblem } from "./admission.ts";
import type { ExecutePorts, StartedTask } from "./execute-ports.ts";
import { failuresOf, isFinal, waitBefore } from "./retry-rule.ts";
import { adoptAttempt, runAttempt } from "./run-attempt.ts";

/** `earlier` are the task's attempts before a resume. Returns when the task is accepted, has failed, the run is cancelled, or `closed` says that no attempt is to begin. */
export async function runTask(
  context: StartedTask,
  earlier: Attempt[],
  means: { ports: ExecutePorts; signal: AbortSignal; closed: () => boolean },
): Promise<void> {
  const { ports, signal, closed } = means;
  const attempts = [...earlier];
  while (!signal.aborted && !closed()) {
    const open = attempts.at(-1)?.state === "running" ? attempts.pop() : undefined;
    if (open === undefined && !admitted(context, attempts, ports)) return;
    const failed = failuresOf(attempts);
    const number = (attempts.at(-1)?.attempt ?? 0) + 1;
    const attempt =
      open === undefined
        ? await runAttempt({ ...context, number, failed }, means)
        : await adoptAttempt({ ...context, number: open.attempt, base: open.base, failed }, open, means);
    if (attempt.state === "running") return;
    attempts.push(attempt);
    if (attempt.error?.code === "cancelled") return;
    if (isFinal(attempts)) return finished(context.task.id, attempt, ports);
    if (attempt.error !== undefined) {
      const event = {
        type: "task_retried",
        task_id: context.task.id,
        attempt: number + 1,
        error: attempt.error,
      } as const;
      ports.record({ events: [event] });
    }
    if (awaitsPerson(context, ports)) return;
    const wait = waitBefore(attempts);
    if (wait > 0) await ports.sleep(wait, signal);
  }
}

/** A spent budget or a full disk is put on record: the run's keeps everything from starting, the task's is its failure. */
function admitted({ run, task }: StartedTask, attempts: Attempt[], ports: ExecutePorts): boolean {
  const { budget } = run.settings;
  const last = attempts.at(-1);
  const own = taskBudgetProblem(budget, standing(attempts));
  if (own !== undefined && last !== undefined) {
    const failed = { ...last, error: own };
    ports.record({ attempt: failed });
    finished(task.id, failed, ports);
    return false;
  }
  const state = { attempts: ports.store.attempts(run.run_id), running: ports.spending.running, now: ports.clock.now() };
  const whole = runBudgetProblem(budget, state) ?? ports.workspaces.roomProblem();
  if (whole === undefined) return true;
  if (ports.store.run(run.run_id)?.budget_spent === undefined) {
    ports.record({ run: { budget_spent: whole }, events: [{ type: "budget_spent", reason: whole.message }] });
  }
  return false;
}

function finished(taskId: string, attempt: Attempt, ports: ExecutePorts): void {
  const status: TaskStatus = attempt.state === "accepted" ? "success" : "failed";
  const error = attempt.error === undefined ? {} : { error: attempt.error };
  ports.record({ events: [{ type: "task_finished", task_id: taskId, status, ...error }] });
}

/** Whether the task's next attempt waits for a decision about its scope; other tasks go on. */
function awaitsPerson({ task }: StartedTask, { run_id, store }: ExecutePorts): boolean {
  return store
    .scopeRequests(run_id)
    .some((request) => request.task_id === task.id && request.status === "awaiting_person");
}
