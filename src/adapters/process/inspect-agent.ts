/** Looks at one agent without giving it work: where its program is, which version, and whether it starts as a task would start it. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentConfiguration } from "../../core/model/configuration.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import { childEnvironment } from "./child-environment.ts";
import { findProgram } from "./find-program.ts";
import { hiddenProblem } from "./hidden-program.ts";
import { agentCommand } from "./presets.ts";
import { type ProcessOutcome, type ProcessRequest, runProcess } from "./run-process.ts";

/** Copilot unpacks itself on its first start, opencode is slow to wake. */
const START_TIMEOUT_MS = 20_000;

export interface Inspection {
  /** absolute path of the program; absent when it is not installed */
  path?: string;
  version?: string;
  /** null: not tried, because only its owner knows what a command does when it is started */
  starts: boolean | null;
  problem?: string;
  /** what it needs and cannot see inside the sandbox, with what to show; absent without one */
  hidden?: string;
}

/** `sandbox` is the one that a task would be put behind, if any. */
export async function inspectAgent(agent: AgentConfiguration, sandbox?: Sandbox): Promise<Inspection> {
  const { command } = agentCommand(agent);
  const [program = ""] = command;
  const path = await findProgram(program);
  if (path === undefined) return { starts: false, problem: `${program} is not on PATH` };
  const hidden = sandbox === undefined ? undefined : hiddenProblem(command, agent, sandbox);
  const inside = hidden === undefined ? {} : { hidden: `${hidden.message}; ${hidden.hint}` };
  if (agent.command !== undefined) return { path, starts: null, ...inside };
  return { path, ...(await inOwnFolder((folder) => tryOut(agent, path, folder))), ...inside };
}

async function inOwnFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "forkjoin-agent-"));
  try {
    for (const name of ["home", "tmp"]) await mkdir(join(folder, name));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryOut(agent: AgentConfiguration, path: string, folder: string): Promise<Inspection> {
  const { command, env } = agentCommand(agent);
  const request = {
    directory: folder,
    env: { ...env, ...childEnvironment(folder, agent.env) },
    log_file: join(folder, "log"),
    timeout_ms: START_TIMEOUT_MS,
    mark: folder,
  };
  if (agent.acp !== undefined) return greet({ ...request, command: [path, ...command.slice(1)] });
  const outcome = await runProcess({ ...request, command: [path, "--version"] }, new AbortController().signal);
  const version = /\d+\.\d+(\.\d+)?[\w.+-]*/.exec(outcome.tail)?.[0];
  if (outcome.end !== "exited" || outcome.code !== 0) return { starts: false, problem: whyNot(outcome) };
  return version === undefined ? { starts: true } : { starts: true, version };
}

/** An ACP agent starts when it introduces itself. */
async function greet(request: ProcessRequest): Promise<Inspection> {
  const { connect, introduce } = await import("./acp/conversation.ts");
  const over = new AbortController();
  const greetings: Promise<Inspection>[] = [];
  const converse: ProcessRequest["converse"] = (pipes) => {
    const connection = connect(pipes);
    const greeting = introduce(connection).then(
      ({ version }): Inspection => ({ starts: true, ...(version === undefined ? {} : { version }) }),
      (error: unknown): Inspection => ({ starts: false, problem: String(error) }),
    );
    greetings.push(greeting.finally(() => over.abort()));
  };
  const outcome = await runProcess({ ...request, converse }, over.signal);
  if (outcome.end === "timed_out") return { starts: false, problem: whyNot(outcome) };
  return (await greetings[0]) ?? { starts: false, problem: whyNot(outcome) };
}

function whyNot(outcome: ProcessOutcome): string {
  if (outcome.end === "not_started") return outcome.cause;
  if (outcome.end === "timed_out") return `did not answer within ${START_TIMEOUT_MS / 1_000} s`;
  return outcome.tail.trim().split("\n").at(-1)?.slice(0, 200) || "it ended at once";
}
