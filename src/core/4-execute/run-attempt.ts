/** Phase 4.2 and 4.3 — one attempt: a fresh workspace, the agent in it, and the verdict; on record before and after. */
import { taskBoundary } from "../boundary/task-boundary.ts";
import type { Attempt } from "../model/attempt.ts";
import type { Enforcement } from "../model/boundary.ts";
import type { AgentConfiguration } from "../model/configuration.ts";
import { type Failure, failure } from "../model/failure.ts";
import { ownValue } from "../model/own-value.ts";
import { err, type Result } from "../model/result.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { ExecutorHooks } from "../ports/executor.ts";
import type { Workspace } from "../ports/workspace.ts";
import { brief } from "./brief.ts";
import type { ExecutePorts, TaskContext } from "./execute-ports.ts";
import { Heard } from "./heard.ts";
import { type Ending, rejected, settle } from "./settle-attempt.ts";

const SETUP_TIMEOUT = "30min";

export interface AttemptContext extends TaskContext {
  number: number;
  /** the attempt before, whose failure the agent is told */
  previous: Attempt | undefined;
}

/** Runs the attempt to its end and returns its final record, which is stored already. */
export async function runAttempt(context: AttemptContext, ports: ExecutePorts, signal: AbortSignal): Promise<Attempt> {
  const enforcement = ports.executor.enforcement(context.run.settings.sandbox);
  const attempt = begin(context, enforcement.ok ? enforcement.value : "verified", ports);
  const work = enforcement.ok ? inWorkspace(context, attempt, { ports, signal }) : refused(enforcement.error);
  const ending = await work.catch(isolated);
  const finished: Attempt = { ...attempt, ...ending, finished_at: ports.clock.now() };
  ports.record({ attempt: finished });
  return finished;
}

async function refused(error: Failure): Promise<Ending> {
  return rejected(error);
}

/** What the machine refuses (a full disk, a folder without permission) fails this attempt, not the run. */
function isolated(error: unknown): Ending {
  if (error instanceof RunStopped || !(error instanceof Error)) throw error;
  const hint = "make room or permissions in FORKJOIN_HOME; `forkjoin doctor` says where it is";
  return rejected(failure("workspace_failed", `the attempt could not be carried out: ${error.message}`, hint));
}

function begin({ run, task, base, number }: AttemptContext, boundary: Enforcement, ports: ExecutePorts): Attempt {
  const { folder, log_file } = ports.workspaces.locate(run.run_id, nameOf(task.id, number));
  const attempt: Attempt = {
    task_id: task.id,
    attempt: number,
    state: "running",
    base,
    boundary,
    workspace: folder,
    log_file,
    started_at: ports.clock.now(),
  };
  ports.record({ attempt, events: [{ type: "task_started", task_id: task.id, attempt: number }] });
  return attempt;
}

function nameOf(taskId: string, number: number): string {
  return `${taskId}/${number}`;
}

interface Means {
  ports: ExecutePorts;
  signal: AbortSignal;
}

async function inWorkspace(context: AttemptContext, attempt: Attempt, { ports, signal }: Means): Promise<Ending> {
  const { run, task, base, number } = context;
  const request = { run_id: run.run_id, name: nameOf(task.id, number), base, copy: run.settings.copy };
  const created = await ports.workspaces.create(request, signal);
  if (!created.ok) return rejected(created.error);
  const workspace = created.value;
  try {
    const problem = await setUp(context, workspace, { ports, signal });
    if (problem !== undefined) return rejected(problem);
    await workspace.snapshot();
    const heard = new Heard();
    const worked = await work(context, { attempt, workspace, heard }, { ports, signal });
    const finished = { context, workspace, worked, said: heard.lastMessage };
    return { ...(await settle(finished, ports, signal)), ...heard.record() };
  } finally {
    await workspace.dispose();
  }
}

/** The operator's `setup` commands, in the fresh workspace, before the agent: what they change is not the task's. */
async function setUp(context: AttemptContext, workspace: Workspace, means: Means): Promise<Failure | undefined> {
  for (const [index, command] of context.run.settings.setup.entries()) {
    const check = { command, env: [], timeout: SETUP_TIMEOUT };
    const { sandbox } = context.run.settings;
    const request = { name: `setup-${index + 1}`, check, workspace, sandbox };
    const result = await means.ports.validator.run(request, means.signal);
    if (result.passed) continue;
    if (means.signal.aborted) return failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it");
    const message = `setup ${JSON.stringify(command)} failed: ${result.output.trim().slice(-400)}`;
    return failure("setup_failed", message, "correct `setup` in the configuration");
  }
  return undefined;
}

async function work(
  context: AttemptContext,
  { attempt, workspace, heard }: { attempt: Attempt; workspace: Workspace; heard: Heard },
  { ports, signal }: Means,
): Promise<Result<void>> {
  const agent = agentOf(context);
  if (agent === undefined) return err(failure("unknown_agent", "no agent is set", "name one with --agent"));
  const { run, task, number, previous } = context;
  const spec = {
    run_id: run.run_id,
    task_id: task.id,
    attempt: number,
    agent,
    brief: brief(context, previous),
    boundary: taskBoundary(task),
    directory: workspace.directory,
    folder: workspace.folder,
    output_file: workspace.output_file,
    log_file: attempt.log_file,
    enforcement: attempt.boundary,
    borrowed: workspace.borrowed,
  };
  const hooks: ExecutorHooks = {
    started: (process) => ports.record({ attempt: { ...attempt, process } }),
    said: (event) => heard.hear(event),
  };
  return ports.executor.run(spec, hooks, signal);
}

/** The task's own command where it has one, else its agent, else the run's. */
function agentOf({ run, task }: TaskContext): AgentConfiguration | undefined {
  const named = ownValue(run.settings.agents, task.agent ?? run.settings.agent ?? "");
  if (task.command === undefined) return named;
  const { env = [], timeout = SETUP_TIMEOUT, network } = named ?? {};
  return { command: task.command, env, timeout, network };
}
