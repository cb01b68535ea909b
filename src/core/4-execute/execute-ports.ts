/** What phase 4 works with. */
import type { Failure } from "../model/failure.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { Bell } from "../ports/bell.ts";
import type { Clock } from "../ports/clock.ts";
import type { Executor } from "../ports/executor.ts";
import type { Pause } from "../ports/pause.ts";
import type { RepositoryReader } from "../ports/repository.ts";
import type { Change, RunStore } from "../ports/run-store.ts";
import type { Validator } from "../ports/validator.ts";
import type { Workspaces } from "../ports/workspace.ts";

export interface ExecutePorts {
  run_id: string;
  repository: RepositoryReader;
  workspaces: Workspaces;
  executor: Executor;
  validator: Validator;
  clock: Clock;
  pause: Pause;
  bell: Bell;
  store: Pick<RunStore, "apply" | "leases">;
  /** What is wrong with the tasks that a planning task declares; only workflows have those. */
  judgeTasks?(task: Task, declared: unknown[]): Promise<Failure | undefined>;
  /** Makes the change durable, or throws `RunStopped`: nothing may happen that is not on record. */
  record(change: Change): void;
}

/** What an earlier task handed back. */
export interface TaskHandover {
  task_id: string;
  output: string;
}

/** One task on its way, from the commit its batch starts from. */
export interface TaskContext {
  run: Run;
  task: Task;
  base: string;
  /** knowledge files the agent should read first, as paths */
  knowledge: string[];
  /** what the tasks before this one handed back */
  inputs: TaskHandover[];
}
