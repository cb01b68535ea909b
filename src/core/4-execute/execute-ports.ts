/** Ports of phase 4. */

import type { AgentEvent } from "../model/agent-event.ts";
import type { Failure } from "../model/failure.ts";
import type { Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import type { Task } from "../model/task.ts";
import type { Clock } from "../ports/clock.ts";
import type { Executor } from "../ports/executor.ts";
import type { Lanes } from "../ports/lanes.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { RepositoryReader } from "../ports/repository.ts";
import type { Change, RunStore } from "../ports/run-store.ts";
import type { Setup } from "../ports/setup.ts";
import type { Sleep } from "../ports/sleep.ts";
import type { Validator } from "../ports/validator.ts";
import type { Workspaces } from "../ports/workspace.ts";
import type { Spending } from "./admission.ts";

export interface ExecutePorts {
  run_id: string;
  repository: RepositoryReader;
  workspaces: Workspaces;
  executor: Executor;
  lanes: Lanes;
  /** most attempts at once on this repository, as planned */
  max_parallel: number;
  validator: Validator;
  setup: Setup;
  clock: Clock;
  sleep: Sleep;
  notifier: Notifier;
  store: Pick<RunStore, "attempts" | "leases" | "run" | "scopeRequests">;
  spending: Spending;
  /** Failure of the tasks that a planning task declares, if they have one; only workflows have planning tasks. */
  judgeTasks?(task: Task, declared: unknown[]): Promise<Failure | undefined>;
  taskContext(task: Task): TaskContext;
  /** Passes on what a running agent said. */
  heard(task_id: string, said: AgentEvent): void;
  /** Decides a task's request for more files, durably, before its next attempt. */
  requestScope(ask: { task_id: string; files: string[]; reason: string }): void;
  /** Makes the change durable, or throws `RunStopped`: nothing may happen that is not on record. */
  record(change: Change): void;
  /** The same for a change that may be refused for itself: one of a lease that its client changed at the same moment. */
  write(change: Change): Result<void>;
}

/** Output of an earlier task. */
export interface TaskHandover {
  task_id: string;
  output: string;
}

/** Task context: the part of the run around its task that an agent has to know. */
export interface TaskContext {
  /** knowledge files to read first, as paths: those that concern the task */
  knowledge: string[];
  /** the tasks it needs, and what they changed */
  before: { task_id: string; description: string; files: string[] }[];
  /** tasks that may run at the same moment, and what they own */
  neighbours: { task_id: string; description: string; files: string[] }[];
  /** what it asked for beyond its scope, and what became of it */
  requests: ScopeRequest[];
}

/** One task on its way, from the commit its batch starts from. */
export interface StartedTask {
  run: Run;
  task: Task;
  base: string;
  /** what the tasks before this one handed back */
  inputs: TaskHandover[];
}
