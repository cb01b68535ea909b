/** The executor port for agents that are programs: one process per attempt, judged later by what it left on disk. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { AgentConfiguration } from "../../core/model/configuration.ts";
import { formatDuration, parseDuration } from "../../core/model/duration.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { AttemptSpec, Executor, ExecutorHooks } from "../../core/ports/executor.ts";
import { childEnvironment } from "./child-environment.ts";
import { findProgram } from "./find-program.ts";
import { killMarked, killTree } from "./kill-tree.ts";
import { agentCommand } from "./presets.ts";
import { identityOf, isAlive } from "./process-identity.ts";
import { type ProcessOutcome, runProcess } from "./run-process.ts";

export function commandExecutor(): Executor {
  return {
    enforcement: "verified",
    check: checkAgent,
    run: runAgent,
    isAlive,
    async reap(folder, identity) {
      if (identity !== undefined && isAlive(identity)) await killTree(identity.pid, folder);
      else killMarked(folder);
    },
  };
}

async function checkAgent(name: string, agent: AgentConfiguration): Promise<Result<void>> {
  const program = agentCommand(agent).command[0] ?? "";
  if ((await findProgram(program)) !== undefined) return ok(undefined);
  const relative = program.includes("/") && !program.startsWith("/");
  const hint = relative
    ? "write an absolute path"
    : `install it, or correct agents.${name}.command in the configuration`;
  return err(failure("agent_unavailable", `agent ${name}: cannot start ${JSON.stringify(program)}`, hint));
}

async function runAgent(spec: AttemptSpec, hooks: ExecutorHooks, signal: AbortSignal): Promise<Result<void>> {
  const briefFile = join(spec.folder, "brief.md");
  await writeFile(briefFile, spec.brief, { mode: 0o600 });
  const { command, env } = agentCommand(spec.agent);
  const timeout = parseDuration(spec.agent.timeout) ?? 0;
  const outcome = await runProcess(
    {
      command: command.map((part) => fillIn(part, spec, briefFile)),
      directory: spec.directory,
      env: { ...defined(env), ...childEnvironment(spec.folder, spec.agent.env), ...variables(spec, briefFile) },
      log_file: spec.log_file,
      timeout_ms: timeout,
      mark: spec.folder,
      started: (pid) => hooks.started(identityOf(pid)),
    },
    signal,
  );
  const problem = judge(outcome, timeout);
  return problem === undefined ? ok(undefined) : err(problem);
}

/** A private HOME must not hide the settings a preset points to, so only unset values are dropped. */
function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function fillIn(part: string, spec: AttemptSpec, briefFile: string): string {
  const values: Record<string, string> = {
    "{brief}": spec.brief,
    "{brief_file}": briefFile,
    "{task_id}": spec.task_id,
    "{workspace}": spec.directory,
  };
  return part.replace(/\{(brief|brief_file|task_id|workspace)\}/g, (placeholder) => values[placeholder] ?? placeholder);
}

function variables(spec: AttemptSpec, briefFile: string): Record<string, string> {
  return {
    FORKJOIN_RUN_ID: spec.run_id,
    FORKJOIN_TASK_ID: spec.task_id,
    FORKJOIN_ATTEMPT: String(spec.attempt),
    FORKJOIN_BRIEF_FILE: briefFile,
    FORKJOIN_WORKSPACE: spec.directory,
    FORKJOIN_WORKTREE: spec.directory,
  };
}

function judge(outcome: ProcessOutcome, timeoutMs: number): Failure | undefined {
  const said = lastLines(outcome.tail);
  switch (outcome.end) {
    case "exited": {
      if (outcome.code === 0) return undefined;
      const how = outcome.signal === null ? `exit code ${outcome.code}` : `signal ${outcome.signal}`;
      return failure("agent_failed", `the agent ended with ${how}${said}`, "read the task's log for the whole output");
    }
    case "timed_out":
      return failure(
        "timed_out",
        `the agent was ended after ${formatDuration(timeoutMs)}${said}`,
        "make the task smaller, or raise the agent's timeout",
      );
    case "cancelled":
      return failure("cancelled", "the run was cancelled while the agent worked", "`forkjoin resume` goes on with it");
    case "not_started":
      return failure(
        "agent_unavailable",
        `the agent could not be started: ${outcome.cause}`,
        "correct the agent's command",
      );
  }
}

/** The end of what the agent said, short enough for a message, without control characters. */
function lastLines(tail: string): string {
  const text = stripVTControlCharacters(tail)
    .split("\n")
    .map((line) => line.replace(/\p{Cc}/gu, "").trim())
    .filter((line) => line !== "")
    .slice(-3)
    .join(" / ")
    .slice(-400);
  return text === "" ? "" : `: ${text}`;
}
