/** Phase 4.1 to 4.4 — all tasks of a batch at once, one agent each; it returns when every one of them has ended. */
import pLimit from "p-limit";
import type { Attempt } from "../model/attempt.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { ExecutePorts } from "./execute-ports.ts";
import { inputsOf } from "./inputs-of.ts";
import { isFinal } from "./retry-rule.ts";
import { runTask } from "./run-task.ts";

export interface BatchContext {
  run: Run;
  /** those of the batch that may run now */
  tasks: Task[];
  attempts: Attempt[];
  base: string;
  max_parallel: number;
}

/** A failure stays inside its task, unless the operator asked to stop: then nothing further is started. */
export async function runBatch(batch: BatchContext, ports: ExecutePorts, signal: AbortSignal): Promise<void> {
  const limit = pLimit(batch.max_parallel);
  const stop = { now: false };
  const observed: ExecutePorts = {
    ...ports,
    record(change) {
      ports.record(change);
      const failed = change.events?.some((event) => event.type === "task_finished" && event.status === "failed");
      if (failed && batch.run.settings.failure_handling === "stop_on_failure") stop.now = true;
    },
  };
  const results = await Promise.allSettled(
    batch.tasks.map((task) =>
      limit(async () => {
        const earlier = batch.attempts.filter((attempt) => attempt.task_id === task.id);
        if (stop.now || signal.aborted || isFinal(earlier)) return;
        const { run, base } = batch;
        const inputs = inputsOf(task, batch.attempts);
        await runTask({ run, task, base, inputs }, earlier, { ports: observed, signal });
      }),
    ),
  );
  const broken = results.find((result) => result.status === "rejected");
  if (broken !== undefined) throw broken.reason;
}
