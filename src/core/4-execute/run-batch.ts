/** Phase 4.1 to 4.4 — all tasks of a batch, from one base; it returns when every one of them has ended. */
import type { Attempt } from "../model/attempt.ts";
import type { Task } from "../model/task.ts";
import type { ExecutePorts } from "./execute-ports.ts";
import { inputsOf } from "./inputs-of.ts";
import { isFinal } from "./retry-rule.ts";
import { runPool, type TaskPool } from "./run-pool.ts";

export interface BatchContext extends Pick<TaskPool, "run" | "max_parallel" | "closed"> {
  /** those of the batch that may run now */
  tasks: Task[];
  attempts: Attempt[];
  base: string;
}

export async function runBatch(batch: BatchContext, ports: ExecutePorts, signal: AbortSignal): Promise<void> {
  const { tasks, attempts, base, ...pool } = batch;
  const earlier = (task: Task): Attempt[] => attempts.filter((attempt) => attempt.task_id === task.id);
  const work = tasks
    .map((task) => ({ task, base, attempts: earlier(task), inputs: inputsOf(task, attempts) }))
    .filter((one) => !isFinal(one.attempts));
  await runPool({ ...pool, ready: async () => work }, ports, signal);
}
