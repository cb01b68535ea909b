/** The executor port for agents that are programs: one process per attempt, judged later by what it left on disk. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxMode } from "../../core/model/boundary.ts";
import type { AgentConfiguration } from "../../core/model/configuration.ts";
import { parseDuration } from "../../core/model/duration.ts";
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { AttemptSpec, Executor, ExecutorHooks } from "../../core/ports/executor.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import { childEnvironment } from "./child-environment.ts";
import { enclosed, enforcementBy, unlimitedUnder } from "./enclosed.ts";
import { EventStream } from "./event-stream.ts";
import { findProgram } from "./find-program.ts";
import { hiddenProblem, placesProblem } from "./hidden-program.ts";
import { asViolation, judgeAgent, refusedWrites } from "./judge-agent.ts";
import { killMarked, killTree } from "./kill-tree.ts";
import { agentCommand, presetOf } from "./presets.ts";
import { identityOf, livenessByPid } from "./process-identity.ts";
import { type ProcessRequest, runProcess } from "./run-process.ts";

const MAX_ARGUMENT_BYTES = 120_000;

export function commandExecutor(sandbox: Sandbox): Executor {
  return {
    enforcement: (mode) => enforcementBy(sandbox, mode),
    unlimited: (mode, limits) => unlimitedUnder(mode, limits, sandbox),
    check: (name, agent, mode) => checkAgent(sandbox, { name, agent, mode }),
    run: (spec, hooks, signal) => runAgent(spec, { hooks, sandbox }, signal),
    async reap(folder, identity) {
      if (identity !== undefined && livenessByPid(identity) === "alive")
        await killTree({ pid: identity.pid, mark: folder });
      else killMarked(folder);
    },
  };
}

async function checkAgent(
  sandbox: Sandbox,
  { name, agent, mode }: { name: string; agent: AgentConfiguration; mode: SandboxMode },
): Promise<Result<void>> {
  const { command } = agentCommand(agent);
  const program = command[0] ?? "";
  if ((await findProgram(program)) === undefined) {
    const relative = program.includes("/") && !program.startsWith("/");
    const hint = relative
      ? "write an absolute path"
      : `install it, or correct agents.${name}.command in the configuration`;
    return err(failure("agent_unavailable", `agent ${name}: cannot start ${JSON.stringify(program)}`, hint));
  }
  const places = placesProblem(`agents.${name}`, agent, sandbox);
  if (places !== undefined) return err(places);
  const enforcement = enforcementBy(sandbox, mode);
  if (!enforcement.ok || enforcement.value === "verified") return ok(undefined);
  const problem = hiddenProblem(command, agent, sandbox);
  if (problem === undefined) return ok(undefined);
  return err(failure("agent_unavailable", `agent ${name}: ${problem.message}`, `${problem.hint} to agents.${name}`));
}

interface Means {
  hooks: ExecutorHooks;
  sandbox: Sandbox;
}

async function runAgent(spec: AttemptSpec, { hooks, sandbox }: Means, signal: AbortSignal): Promise<Result<void>> {
  const request = await agentProcess(spec, { hooks, sandbox });
  const preset = presetOf(spec.agent);
  const stream = preset === undefined ? undefined : new EventStream(preset.read, hooks.said);
  const watched = stream === undefined ? request : { ...request, printed: (chunk: Buffer) => stream.write(chunk) };
  const outcome = await runProcess(watched, signal);
  stream?.end();
  const ended = judgeAgent(outcome, request.timeout_ms, stream?.words);
  if (spec.enforcement === "sandboxed") await tellRefused(spec, hooks);
  const problem = spec.enforcement === "sandboxed" ? asViolation(ended, outcome.tail, spec.brief) : ended;
  return problem === undefined ? ok(undefined) : err(problem);
}

/** An agent that goes on after a write was refused may say nothing of it: its output does. */
export async function tellRefused({ log_file, brief }: AttemptSpec, hooks: ExecutorHooks): Promise<void> {
  const output = await readFile(log_file, "utf8").catch(() => "");
  for (const what of refusedWrites(output, brief)) hooks.said({ type: "write_refused", what });
}

/** Process request for the agent of this attempt; its brief is on disk when this returns. */
export async function agentProcess(spec: AttemptSpec, { hooks, sandbox }: Means): Promise<ProcessRequest> {
  const briefFile = join(spec.folder, "brief.md");
  // Not through what a setup may have put there.
  await rm(briefFile, { recursive: true, force: true });
  await writeFile(briefFile, spec.brief, { mode: 0o600, flag: "wx" });
  const { command, env, granted, guarded } = agentCommand(spec.agent, spec.enforcement);
  const request = {
    command: command.map((part) => fillIn(part, spec, briefFile)),
    directory: spec.directory,
    env: { ...env, ...childEnvironment(spec.folder, spec.agent.env), ...variables(spec, briefFile) },
    log_file: spec.log_file,
    timeout_ms: parseDuration(spec.agent.timeout) ?? 0,
    mark: spec.folder,
    started: (pid: number) => hooks.started(identityOf(pid)),
  };
  if (spec.enforcement === "verified") return request;
  const { hidden = [], borrowed, boundary, installed, agent } = spec;
  const surroundings = {
    hidden,
    borrowed,
    boundary,
    installed,
    network: agent.network ?? true,
    named: agent,
    ...(spec.limits === undefined ? {} : { limits: spec.limits }),
    granted,
    guarded,
  };
  return enclosed(request, surroundings, sandbox);
}

function fillIn(part: string, spec: AttemptSpec, briefFile: string): string {
  const values: Record<string, string> = {
    "{brief}": asArgument(spec.brief, briefFile),
    "{brief_file}": briefFile,
    "{task_id}": spec.task_id,
    "{workspace}": spec.directory,
  };
  return part.replace(/\{(brief|brief_file|task_id|workspace)\}/g, (placeholder) => values[placeholder] ?? placeholder);
}

/** The system takes at most 128 KiB in one argument. */
function asArgument(brief: string, briefFile: string): string {
  if (Buffer.byteLength(brief) <= MAX_ARGUMENT_BYTES) return brief;
  const cut = Buffer.from(brief).subarray(0, MAX_ARGUMENT_BYTES).toString("utf8");
  return `${cut}\n\nThe text goes on in ${briefFile}.`;
}

function variables(spec: AttemptSpec, briefFile: string): Record<string, string> {
  return {
    FORKJOIN_RUN_ID: spec.run_id,
    FORKJOIN_TASK_ID: spec.task_id,
    FORKJOIN_ATTEMPT: String(spec.attempt),
    FORKJOIN_BRIEF_FILE: briefFile,
    FORKJOIN_WORKSPACE: spec.directory,
    FORKJOIN_WORKTREE: spec.directory,
    ...(spec.lane === undefined
      ? {}
      : { FORKJOIN_LANE: String(spec.lane.number), FORKJOIN_PORT_BASE: String(spec.lane.port_base) }),
    FORKJOIN_OUTPUT_FILE: spec.output_file,
    FORKJOIN_SCOPE_REQUEST: spec.scope_request_file,
  };
}
