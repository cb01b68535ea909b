/** Phase 4.1 to 4.4 — the one scheduler loop: tasks side by side, one agent each; whenever one ends, those that may start now do. */
import pLimit from "p-limit";
import type { Attempt } from "../model/attempt.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { chooseStarts } from "./choose-starts.ts";
import type { ExecutePorts, TaskHandover } from "./execute-ports.ts";
import { runTask } from "./run-task.ts";

/** A task that could start. */
export interface ReadyTask {
  task: Task;
  /** its attempts until now */
  attempts: Attempt[];
  inputs: TaskHandover[];
}

interface RunningTask {
  task: Task;
  done: Promise<void>;
}

/** A policy of the loop: what may start when, from where, and what has to be done before anything else can start. */
export interface Schedule {
  readonly run: Run;
  readonly max_parallel: number;
  /** Tasks that could start now, most urgent first; asked at the beginning, whenever a task has ended, and after `changed`. */
  ready(): Promise<ReadyTask[]>;
  /** The commit that a task which is about to start begins from; undefined when it has to wait after all. */
  base(task: Task): Promise<string | undefined>;
  /** Called when nothing runs and nothing may start. True when that may be otherwise now. */
  after(): Promise<boolean>;
  /** Nothing more is to be started, neither tasks nor further attempts. */
  closed(): boolean;
  /** Resolves when something else than the end of a task calls for another look, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Returns when nothing runs and nothing may start. A failure stays inside its task, unless the operator asked to stop. */
export async function runPool(schedule: Schedule, ports: ExecutePorts, signal: AbortSignal): Promise<void> {
  const stop = { now: false };
  const watched = stoppingAtFailure(schedule, ports, stop);
  const slots = pLimit(schedule.max_parallel);
  const running = new Map<string, RunningTask>();
  const broken: unknown[] = [];
  let ended = 0;
  const closed = (): boolean => stop.now || broken.length > 0 || signal.aborted || schedule.closed();
  const begin = ({ task, attempts, inputs }: ReadyTask, base: string): void => {
    const context = { run: schedule.run, task, base, inputs };
    const work = slots(() => runTask(context, attempts, { ports: watched, signal, closed: () => schedule.closed() }));
    const done = work
      .catch((error) => broken.push(error))
      .then(() => {
        running.delete(task.id);
        ended += 1;
      });
    running.set(task.id, { task, done });
  };
  const look = async (): Promise<void> => {
    let open = (await schedule.ready()).filter(({ task }) => !running.has(task.id));
    for (
      let next = firstStart(open, running, schedule);
      next !== undefined;
      next = firstStart(open, running, schedule)
    ) {
      const { task } = next;
      open = open.filter((other) => other.task !== task);
      const base = await schedule.base(task);
      if (base !== undefined) begin(next, base);
    }
  };
  for (;;) {
    const seen = ended;
    if (!closed()) await look().catch((error) => void broken.push(error));
    if (ended !== seen) continue;
    if (running.size > 0) await nextChange(running.values(), closed() ? undefined : schedule, signal);
    else if (broken.length > 0 || !(await schedule.after())) break;
  }
  if (broken.length > 0) throw broken[0];
}

/** Of what is ready, the task that starts next beside those that run. */
function firstStart(
  ready: ReadyTask[],
  running: Map<string, RunningTask>,
  { run, max_parallel }: Schedule,
): ReadyTask | undefined {
  const beside = [...running.values()].map(({ task }) => task);
  const tasks = ready.map(({ task }) => task);
  const [chosen] = chooseStarts(tasks, beside, { ...run.settings, max_parallel });
  return ready.find(({ task }) => task === chosen);
}

/** The end of a task, or whatever else calls for another look at `schedule`. */
async function nextChange(
  running: Iterable<RunningTask>,
  schedule: Schedule | undefined,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const other = schedule === undefined ? [] : [schedule.changed(either)];
  await Promise.race([...[...running].map(({ done }) => done), ...other]);
  over.abort();
}

function stoppingAtFailure({ run }: Schedule, ports: ExecutePorts, stop: { now: boolean }): ExecutePorts {
  if (run.settings.failure_handling !== "stop_on_failure") return ports;
  return {
    ...ports,
    record(change) {
      ports.record(change);
      const failed = change.events?.some((event) => event.type === "task_finished" && event.status === "failed");
      if (failed) stop.now = true;
    },
  };
}
