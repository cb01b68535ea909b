/** Before anything starts: every task has an agent, and every agent can be started. */
import { CLIENT_AGENT } from "../model/configuration.ts";
import { type Failure, failure } from "../model/failure.ts";
import { ownValue } from "../model/own-value.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { agentHint } from "./begin-run.ts";

const CLIENT_ELSEWHERE =
  "agent client is the chat client of an MCP server, which claims tasks with claim_task: on the command line there is none";

export async function agentProblem(
  run: Run,
  tasks: Task[],
  ports: Pick<OrchestratorPorts, "executor" | "validator" | "clientWork">,
): Promise<Failure | undefined> {
  const { agents, agent } = run.settings;
  const used = new Set(tasks.filter((task) => task.command === undefined).map((task) => task.agent ?? agent));
  const unheld = sandboxProblem(run, used, ports);
  if (unheld !== undefined) return unheld;
  for (const [name, check] of Object.entries(run.settings.checks)) {
    const problem = ports.validator.problem(name, check);
    if (problem !== undefined) return problem;
  }
  const known = [...Object.keys(agents), ...(ports.clientWork ? [CLIENT_AGENT] : [])];
  for (const name of used) {
    if (name === undefined) return failure("unknown_agent", "no agent is chosen", agentHint(known));
    if (name === CLIENT_AGENT && ports.clientWork) continue;
    if (name === CLIENT_AGENT) return failure("unknown_agent", CLIENT_ELSEWHERE, agentHint(Object.keys(agents)));
    const configuration = ownValue(agents, name);
    if (configuration === undefined) {
      return failure("unknown_agent", `agent ${JSON.stringify(name)} is not configured`, agentHint(known));
    }
    const checked = await ports.executor.check(name, configuration, run.settings.sandbox);
    if (!checked.ok) return checked.error;
  }
  return commandProblem(run, tasks, ports);
}

/** A task's own command is its agent. */
async function commandProblem(
  run: Run,
  tasks: Task[],
  ports: Pick<OrchestratorPorts, "executor" | "validator" | "clientWork">,
): Promise<Failure | undefined> {
  for (const { id, command } of tasks) {
    if (command === undefined) continue;
    const checked = await ports.executor.check(id, { command, env: [], timeout: "30min" }, run.settings.sandbox);
    if (checked.ok) continue;
    if (checked.error.message.includes("hidden by the sandbox")) return checked.error;
    const message = `task ${id}: command ${JSON.stringify(command[0])} cannot be started`;
    return failure("agent_unavailable", message, "install it, or write an absolute path");
  }
  return undefined;
}

/** `agents` are the names that tasks will be given to. */
export function sandboxProblem(
  run: Run,
  agents: Set<string | undefined>,
  ports: Pick<OrchestratorPorts, "executor" | "validator" | "clientWork">,
): Failure | undefined {
  const { sandbox } = run.settings;
  const enforcement = ports.executor.enforcement(sandbox);
  if (!enforcement.ok) return enforcement.error;
  if (sandbox === "required" && agents.has(CLIENT_AGENT)) return CLIENT_OUTSIDE;
  return enforcement.value === "sandboxed" ? undefined : networkProblem(run, agents);
}

const CLIENT_OUTSIDE = failure(
  "sandbox_unavailable",
  "sandbox: required, but agent client works outside of any sandbox",
  "give the tasks to another agent, or set `sandbox: auto`: what the client did is verified",
);

/** `network: false` is a promise that only the sandbox can keep. */
function networkProblem({ settings }: Run, used: Set<string | undefined>): Failure | undefined {
  const agents = [...used].filter((name) => name !== undefined && ownValue(settings.agents, name)?.network === false);
  const checks = Object.keys(settings.checks).filter((name) => ownValue(settings.checks, name)?.network === false);
  const [named] = [...agents.map((name) => `agents.${name}`), ...checks.map((name) => `checks.${name}`)];
  if (named === undefined) return undefined;
  const message = `${named}.network is false, which cannot be kept without a sandbox (sandbox: ${settings.sandbox})`;
  return failure("sandbox_unavailable", message, "`forkjoin doctor` says what the sandbox lacks; or remove that line");
}
