/** Before anything starts: every task has an agent, and every agent can be started. */
import { agentHint } from "./begin-run.ts";
import { type Failure, failure } from "./model/failure.ts";
import { ownValue } from "./model/own-value.ts";
import type { Run } from "./model/run.ts";
import type { Task } from "./model/task.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";

export async function agentProblem(run: Run, tasks: Task[], ports: OrchestratorPorts): Promise<Failure | undefined> {
  const { agents, agent } = run.settings;
  const used = new Set(tasks.filter((task) => task.command === undefined).map((task) => task.agent ?? agent));
  const enforcement = ports.executor.enforcement(run.settings.sandbox);
  if (!enforcement.ok) return enforcement.error;
  const open = enforcement.value === "sandboxed" ? undefined : networkProblem(run, used);
  if (open !== undefined) return open;
  for (const name of used) {
    if (name === undefined) return failure("unknown_agent", "no agent is chosen", agentHint(Object.keys(agents)));
    const configuration = ownValue(agents, name);
    if (configuration === undefined) {
      return failure(
        "unknown_agent",
        `agent ${JSON.stringify(name)} is not configured`,
        agentHint(Object.keys(agents)),
      );
    }
    const checked = await ports.executor.check(name, configuration);
    if (!checked.ok) return checked.error;
  }
  return commandProblem(tasks, ports);
}

/** `network: false` is a promise that only the sandbox can keep. */
function networkProblem({ settings }: Run, used: Set<string | undefined>): Failure | undefined {
  const agents = [...used].filter((name) => name !== undefined && ownValue(settings.agents, name)?.network === false);
  const checks = Object.keys(settings.checks).filter((name) => ownValue(settings.checks, name)?.network === false);
  const named = [...agents.map((name) => `agents.${name}`), ...checks.map((name) => `checks.${name}`)][0];
  if (named === undefined) return undefined;
  const message = `${named}.network is false, which cannot be kept without a sandbox (sandbox: ${settings.sandbox})`;
  return failure("sandbox_unavailable", message, "`forkjoin doctor` says what the sandbox lacks; or remove that line");
}

/** A task's own command is its agent. */
async function commandProblem(tasks: Task[], ports: OrchestratorPorts): Promise<Failure | undefined> {
  for (const { id, command } of tasks) {
    if (command === undefined) continue;
    const checked = await ports.executor.check(id, { command, env: [], timeout: "30min" });
    if (checked.ok) continue;
    const message = `task ${id}: command ${JSON.stringify(command[0])} cannot be started`;
    return failure("agent_unavailable", message, "install it, or write an absolute path");
  }
  return undefined;
}
