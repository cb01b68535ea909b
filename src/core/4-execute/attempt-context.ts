/** One attempt on its way: which try at which task, from which base, with what means. */

import type { Attempt } from "../model/attempt.ts";
import { CLIENT_AGENT } from "../model/configuration.ts";
import type { Lane } from "../ports/lanes.ts";
import type { ExecutePorts, StartedTask } from "./execute-ports.ts";

export interface AttemptContext extends StartedTask {
  lane?: Lane | undefined;
  number: number;
  /** the attempts before, whose failures the agent is told */
  failed: Attempt[];
}

export interface Means {
  ports: ExecutePorts;
  signal: AbortSignal;
}

/** The chat client itself does the task, under a lease. */
export function worksInClient({ run, task }: Pick<StartedTask, "run" | "task">): boolean {
  return task.command === undefined && (task.agent ?? run.settings.agent) === CLIENT_AGENT;
}
