/** Phase 4.2 and 4.3 — one attempt: a fresh workspace, the agent in it, and the verdict; on record before and after. */

import { grownTask } from "../boundary/grown-task.ts";
import { taskBoundary } from "../boundary/task-boundary.ts";
import { type Attempt, attemptName } from "../model/attempt.ts";
import { type Enforcement, mayWrite } from "../model/boundary.ts";
import type { AgentConfiguration } from "../model/configuration.ts";
import { type Failure, failure } from "../model/failure.ts";
import { DEFAULT_LIMITS } from "../model/limits.ts";
import { ownValue } from "../model/own-value.ts";
import { err, ok, type Result } from "../model/result.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { ExecutorHooks } from "../ports/executor.ts";
import type { Lane } from "../ports/lanes.ts";
import type { Change } from "../ports/run-store.ts";
import { type Installed, NOTHING_INSTALLED, type Workspace } from "../ports/workspace.ts";
import { AgentOutput } from "./agent-output.ts";
import { type AttemptContext, type Means, worksInClient } from "./attempt-context.ts";
import { awaitClient, closingProblem } from "./await-client.ts";
import { brief } from "./brief.ts";
import type { ExecutePorts, StartedTask } from "./execute-ports.ts";
import { type Ending, judgeAttempt, rejected } from "./judge-attempt.ts";
import { MAX_SCOPE_REQUEST, readScopeRequest } from "./read-scope-request.ts";

const SETUP_TIMEOUT = "30min";

/** Runs the attempt to its end and returns its final record, which is stored already; still `running` when a client goes on with it. */
export async function runAttempt(context: AttemptContext, means: Means): Promise<Attempt> {
  if (worksInClient(context)) return attemptIn(undefined, context, means);
  const { lanes, max_parallel: limit } = means.ports;
  const lane = await lanes.take({ repository: context.run.repository, limit }, means.signal);
  try {
    return await attemptIn(lane, context, means);
  } finally {
    lane?.release();
  }
}

/** Without a lane for a client, whose work is done elsewhere, and for a run that was stopped while it waited for one. */
async function attemptIn(lane: Lane | undefined, context: AttemptContext, means: Means): Promise<Attempt> {
  const enforcement = enforcementOf(context, means.ports);
  const attempt = begin(context, enforcement.ok ? enforcement.value : "verified", means.ports);
  const work = enforcement.ok ? inWorkspace({ ...context, lane }, attempt, means) : refused(enforcement.error);
  return concluded(context, { attempt, work }, means.ports);
}

/** Goes on with an attempt that a client works on, or has just ended, since before this process took the run over. */
export async function adoptAttempt(context: AttemptContext, attempt: Attempt, means: Means): Promise<Attempt> {
  return concluded(context, { attempt, work: inOldWorkspace(context, attempt, means) }, means.ports);
}

async function concluded(
  context: AttemptContext,
  { attempt, work }: { attempt: Attempt; work: Promise<Ending | undefined> },
  ports: ExecutePorts,
): Promise<Attempt> {
  const ending = await work.catch(isolated);
  if (ending === undefined) return attempt;
  const { lease, ...verdict } = ending;
  const started_at = lease?.claimed_at ?? attempt.started_at;
  const finished: Attempt = { ...attempt, ...verdict, started_at, finished_at: ports.clock.now() };
  const ended = lease && { lease: { ...lease, state: "ended" as const, version: lease.version + 1 } };
  ports.record({ attempt: finished, ...ended, ...durationOf(context, finished) });
  ports.spending.settled(attemptName(attempt));
  ports.notifier.notify(ports.run_id);
  return finished;
}

async function refused(error: Failure): Promise<Ending> {
  return rejected(error);
}

/** Duration record of an accepted attempt, for later estimates. */
function durationOf({ run, task }: AttemptContext, attempt: Attempt): Pick<Change, "duration"> {
  if (attempt.state !== "accepted" || attempt.finished_at === undefined) return {};
  const agent = task.command === undefined ? (task.agent ?? run.settings.agent) : undefined;
  const { id: task_id, category, estimated_ms } = task;
  const actual_ms = attempt.finished_at - attempt.started_at;
  return { duration: { task_id, category, estimated_ms, actual_ms, ...(agent === undefined ? {} : { agent }) } };
}

/** Ending after an error of the machine (a full disk, a folder without permission): the attempt fails, not the run. */
function isolated(error: unknown): Ending {
  if (error instanceof RunStopped || !(error instanceof Error)) throw error;
  const hint = "make room or permissions in FORKJOIN_HOME; `forkjoin doctor` says where it is";
  return rejected(failure("workspace_failed", `the attempt could not be carried out: ${error.message}`, hint));
}

/** A client works wherever it is: what it did is verified. */
function enforcementOf(context: AttemptContext, ports: ExecutePorts): Result<Enforcement> {
  return worksInClient(context) ? ok("verified") : ports.executor.enforcement(context.run.settings.sandbox);
}

function begin(context: AttemptContext, boundary: Enforcement, ports: ExecutePorts): Attempt {
  const { run, task, base, number } = context;
  const name = attemptName({ task_id: task.id, attempt: number });
  const { folder, log_file } = ports.workspaces.locate(run.run_id, name);
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

async function inWorkspace(context: AttemptContext, attempt: Attempt, means: Means): Promise<Ending | undefined> {
  const { run, base } = context;
  const request = { run_id: run.run_id, name: attemptName(attempt), base, copy: run.settings.copy };
  const created = await means.ports.workspaces.create(request, means.signal);
  if (!created.ok) return rejected(created.error);
  const workspace = created.value;
  return disposing(workspace, async () => {
    const prepared = await setUp(context, workspace, means);
    if (!prepared.ok) return rejected(prepared.error);
    await workspace.snapshot();
    await workspace.keepInstalled(prepared.value);
    if (!worksInClient(context)) return byProcess(context, { attempt, workspace }, means);
    return byClient(context, { attempt, workspace }, means);
  });
}

async function inOldWorkspace(context: AttemptContext, attempt: Attempt, means: Means): Promise<Ending | undefined> {
  const request = { run_id: context.run.run_id, name: attemptName(attempt), base: attempt.base };
  const reopened = await means.ports.workspaces.reopen(request);
  if (!reopened.ok) return rejected(reopened.error);
  const workspace = reopened.value;
  return disposing(workspace, () => byClient(context, { attempt, workspace }, means));
}

/** A workspace goes with its attempt, unless a client still works in it or another process took the run over. */
async function disposing(workspace: Workspace, work: () => Promise<Ending | undefined>): Promise<Ending | undefined> {
  try {
    const ending = await work();
    if (ending === undefined) return undefined;
    const left = await workspace.dispose();
    return left.length === 0 ? ending : { ...ending, notes: [...(ending.notes ?? []), ...left] };
  } catch (error) {
    if (!(error instanceof RunStopped)) await workspace.dispose();
    throw error;
  }
}

interface Place {
  attempt: Attempt;
  workspace: Workspace;
}

async function byProcess(context: AttemptContext, { attempt, workspace }: Place, means: Means): Promise<Ending> {
  const output = new AgentOutput();
  const watch = attempt.boundary === "verified" ? await means.ports.repository.watch() : undefined;
  const worked = await work(context, { attempt, workspace, output }, means);
  const { tampered: refused = [], moved = [] } = (await watch?.end()) ?? {};
  const finished = { context, workspace, worked, refused, said: output.lastMessage };
  const ending = await judgeAttempt(finished, means.ports, means.signal);
  if (ending.state === "rejected") output.denied(await askScope(context.task.id, workspace, means.ports));
  const spoiled = await means.ports.setup.spoiled(workspace);
  return withNotes({ ...output.explained(ending), ...output.record() }, notes({ moved, spoiled }));
}

function withNotes(ending: Ending, { notes: more = [] }: Pick<Attempt, "notes">): Ending {
  return more.length === 0 ? ending : { ...ending, notes: [...(ending.notes ?? []), ...more] };
}

/** The user or another attempt may have done it: it fails nothing, and is said. */
function notes({ moved = [], spoiled = [] }: { moved?: string[]; spoiled?: string[] }): Pick<Attempt, "notes"> {
  const found = [
    ["moved in your repository while this ran without a sandbox, by you or by an agent", moved],
    ["installed files that other workspaces have, too, were written into while this ran without a sandbox", spoiled],
  ] as const;
  const said = found.filter(([, paths]) => paths.length > 0).map(([what, paths]) => `${what}: ${abbreviated(paths)}`);
  return said.length === 0 ? {} : { notes: said };
}

function abbreviated(names: string[]): string {
  return `${names.slice(0, 10).join(", ")}${names.length > 10 ? " …" : ""}`;
}

/** An agent that failed may have said what it lacked. Returns why its request was not understood, if so. */
async function askScope(task_id: string, workspace: Workspace, ports: ExecutePorts): Promise<string | undefined> {
  const text = await workspace.scopeRequest(MAX_SCOPE_REQUEST);
  if (text === undefined) return undefined;
  const ask = readScopeRequest(text);
  if (!ask.ok) return `${ask.error.message}; ${ask.error.hint}`;
  ports.requestScope({ task_id, ...ask.value });
  return undefined;
}

/** Undefined while a client goes on with it after this process. */
async function byClient(context: AttemptContext, place: Place, means: Means): Promise<Ending | undefined> {
  const { ports, signal } = means;
  const lease = await awaitClient({ run_id: context.run.run_id, attempt: place.attempt, ports, signal });
  if (lease === undefined) return undefined;
  const problem = closingProblem(lease);
  const worked = problem === undefined ? ok(undefined) : err(problem);
  const { refused = [], summary: said } = lease.closing ?? {};
  const ending = await judgeAttempt({ context, workspace: place.workspace, worked, refused, said }, ports, signal);
  const cut = signal.aborted && signal.reason === "interrupted" && ending.error?.code === "cancelled";
  const spoiled = await ports.setup.spoiled(place.workspace);
  return cut ? undefined : { ...withNotes(ending, notes({ spoiled })), lease };
}

/** The operator's `setup` commands, or what they installed elsewhere, before the agent: what they change is not the task's. */
async function setUp(
  context: AttemptContext,
  workspace: Workspace,
  { ports, signal }: Means,
): Promise<Result<Installed>> {
  const { run, task, base } = context;
  const { setup: commands, copy: copied, sandbox, share_packages: share, limits = DEFAULT_LIMITS } = run.settings;
  if (commands.length === 0) return ok(NOTHING_INSTALLED);
  const grown = grownTask(task, ports.store.scopeRequests(run.run_id));
  const scope = mayWrite(task.access) ? grown.files : [];
  const byClient = worksInClient(context);
  const files = await ports.repository.files(base);
  const request = {
    workspace,
    commands,
    copied,
    sandbox,
    share,
    limits,
    scope,
    byClient,
    files,
    repository: run.repository,
  };
  return ports.setup.prepare(request, signal);
}

async function work(
  context: AttemptContext,
  { attempt, workspace, output }: { attempt: Attempt; workspace: Workspace; output: AgentOutput },
  { ports, signal }: Means,
): Promise<Result<void>> {
  const agent = agentOf(context);
  if (agent === undefined) return err(failure("unknown_agent", "no agent is set", "name one with --agent"));
  const { run, task, number, failed } = context;
  const ready = await workspace.readyForProcess();
  if (!ready.ok) return ready;
  const grown = grownTask(task, ports.store.scopeRequests(run.run_id));
  const spec = {
    run_id: run.run_id,
    task_id: task.id,
    attempt: number,
    agent,
    brief: brief({ ...context, task: grown }, { failed, taskContext: ports.taskContext(grown) }),
    boundary: taskBoundary(grown),
    directory: workspace.directory,
    folder: workspace.folder,
    output_file: workspace.output_file,
    scope_request_file: workspace.scope_request_file,
    log_file: attempt.log_file,
    enforcement: attempt.boundary,
    ...(context.lane === undefined ? {} : { lane: context.lane }),
    hidden: workspace.hidden,
    limits: run.settings.limits ?? DEFAULT_LIMITS,
    borrowed: workspace.borrowed,
    installed: workspace.installed,
  };
  const hooks: ExecutorHooks = {
    started: (process) => ports.record({ attempt: { ...attempt, process } }),
    said(event) {
      output.hear(event);
      ports.heard(attempt.task_id, event);
      ports.spending.note(attemptName(attempt), output.usage);
    },
  };
  return ports.executor.run(spec, hooks, signal);
}

/** The task's own command where it has one, else its agent, else the run's. */
function agentOf({ run, task }: StartedTask): AgentConfiguration | undefined {
  const named = ownValue(run.settings.agents, task.agent ?? run.settings.agent ?? "");
  if (task.command === undefined) return named;
  const { env = [], timeout = SETUP_TIMEOUT, network } = named ?? {};
  return { command: task.command, env, timeout, network };
}
