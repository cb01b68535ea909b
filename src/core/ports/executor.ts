/** Executor of a task's work: today a process on this machine. */
import type { AgentEvent } from "../model/agent-event.ts";
import type { Boundary, Enforcement, SandboxMode } from "../model/boundary.ts";
import type { AgentConfiguration } from "../model/configuration.ts";
import type { ProcessLimits, UnheldLimit } from "../model/limits.ts";
import type { ProcessIdentity } from "../model/process-identity.ts";
import type { Result } from "../model/result.ts";
import type { Lane } from "./lanes.ts";
import type { Installed } from "./workspace.ts";

export interface AttemptSpec {
  run_id: string;
  task_id: string;
  attempt: number;
  agent: AgentConfiguration;
  brief: string;
  /** what the agent may change: answers its questions while it works */
  boundary: Boundary;
  /** the agent's working directory */
  directory: string;
  /** a private folder for brief, HOME and TMPDIR */
  folder: string;
  /** where the agent may hand something back besides files */
  output_file: string;
  /** where the agent may ask for more files */
  scope_request_file: string;
  log_file: string;
  enforcement: Enforcement;
  /** its slot of the machine and the ports that belong to it */
  lane?: Pick<Lane, "number" | "port_base">;
  /** the user's checkout and git directory: not to be seen */
  hidden?: string[];
  /** objects of the user's repository: to be read, never written */
  borrowed: string[];
  /** how many processes and how much memory it may have */
  limits?: ProcessLimits;
  /** packages in the workspace, and whether they are others', too */
  installed: Installed;
}

export interface ExecutorHooks {
  /** called once the process exists, before it is waited for: whoever finds the record later can end it */
  started(process: ProcessIdentity): void;
  /** called for everything the agent says that is understood */
  said(event: AgentEvent): void;
}

export interface Executor {
  /** Enforcement of an attempt's boundary on this machine; fails with `sandbox_unavailable` when it is less than required. */
  enforcement(mode: SandboxMode): Result<Enforcement>;
  /** Limits that nothing holds behind what `mode` puts up. */
  unlimited(mode: SandboxMode, limits: ProcessLimits): UnheldLimit[];
  /** Can this agent be started at all, behind what `mode` puts up? Fails with `agent_unavailable` or `invalid_configuration`. */
  check(name: string, agent: AgentConfiguration, mode: SandboxMode): Promise<Result<void>>;
  /**
   * Runs to the end; fails with `agent_failed`, `agent_refused`, `provider_unavailable`,
   * `provider_rejected`, `timed_out` or `cancelled`. No process of the attempt is left when it returns.
   */
  run(spec: AttemptSpec, hooks: ExecutorHooks, signal: AbortSignal): Promise<Result<void>>;
  /** Ends what a dead coordinator left running in the workspace at `folder` or in any below it. */
  reap(folder: string, process?: ProcessIdentity): Promise<void>;
}
