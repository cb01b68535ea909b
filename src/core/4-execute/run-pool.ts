/** Phase 4.1 to 4.4 — tasks side by side, one agent each: whenever one ends, those that may start now do. */
import pLimit from "p-limit";
import type { Attempt } from "../model/attempt.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { chooseStarts } from "./choose-starts.ts";
import type { ExecutePorts, TaskHandover } from "./execute-ports.ts";
import { runTask } from "./run-task.ts";

/** A task that could start, and what it starts from. */
export interface ReadyTask {
  task: Task;
  base: string;
  /** its attempts until now */
  attempts: Attempt[];
  inputs: TaskHandover[];
}

interface RunningTask {
  task: Task;
  done: Promise<void>;
}

export interface TaskPool {
  run: Run;
  max_parallel: number;
  /**
   * What could start now, most urgent first; asked at the beginning, whenever a task has ended, and after `changed`. What it names
   * again after it has begun does not begin twice.
   */
  ready(): Promise<ReadyTask[]>;
  /** Nothing more is to be started, neither tasks nor further attempts. */
  closed(): boolean;
  /** Resolves when something else than the end of a task calls for another look, or when the signal aborts. */
  changed?(signal: AbortSignal): Promise<void>;
}

/** Returns when nothing runs and nothing may start. A failure stays inside its task, unless the operator asked to stop. */
export async function runPool(pool: TaskPool, ports: ExecutePorts, signal: AbortSignal): Promise<void> {
  const stop = { now: false };
  const watched = stoppingAtFailure(pool, ports, stop);
  const slots = pLimit(pool.max_parallel);
  const running = new Map<string, RunningTask>();
  const begun = new Set<string>();
  const broken: unknown[] = [];
  let ended = 0;
  const closed = (): boolean => stop.now || broken.length > 0 || signal.aborted || pool.closed();
  const begin = ({ task, base, attempts, inputs }: ReadyTask): void => {
    const context = { run: pool.run, task, base, inputs };
    const work = slots(() => runTask(context, attempts, { ports: watched, signal, closed: pool.closed }));
    const done = work
      .catch((error) => broken.push(error))
      .then(() => {
        running.delete(task.id);
        ended += 1;
      });
    running.set(task.id, { task, done });
    begun.add(task.id);
  };
  for (;;) {
    const seen = ended;
    const ready = closed() ? [] : await pool.ready().catch((error) => void broken.push(error));
    const starts = startsOf(
      (ready ?? []).filter(({ task }) => !begun.has(task.id)),
      running.values(),
      pool,
    );
    for (const work of starts) begin(work);
    if (ended !== seen) continue;
    if (running.size === 0) break;
    await nextChange(running.values(), pool, signal);
  }
  if (broken.length > 0) throw broken[0];
}

function startsOf(ready: ReadyTask[], running: Iterable<RunningTask>, { run, max_parallel }: TaskPool): ReadyTask[] {
  const tasks = ready.map(({ task }) => task);
  const beside = [...running].map(({ task }) => task);
  const chosen = chooseStarts(tasks, beside, { ...run.settings, max_parallel });
  return chosen.flatMap((task) => ready.find((work) => work.task === task) ?? []);
}

/** The end of a task, or whatever else the pool waits for. */
async function nextChange(running: Iterable<RunningTask>, pool: TaskPool, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const other = pool.changed === undefined || signal.aborted ? [] : [pool.changed(either)];
  await Promise.race([...[...running].map(({ done }) => done), ...other]);
  over.abort();
}

function stoppingAtFailure(pool: TaskPool, ports: ExecutePorts, stop: { now: boolean }): ExecutePorts {
  if (pool.run.settings.failure_handling !== "stop_on_failure") return ports;
  return {
    ...ports,
    record(change) {
      ports.record(change);
      const failed = change.events?.some((event) => event.type === "task_finished" && event.status === "failed");
      if (failed) stop.now = true;
    },
  };
}
