/** Before anything starts: every task has an agent, and every agent can be started. */
import { agentHint } from "./begin-run.ts";
import { sandboxProblem } from "./check-sandbox.ts";
import { CLIENT_AGENT } from "./model/configuration.ts";
import { type Failure, failure } from "./model/failure.ts";
import { ownValue } from "./model/own-value.ts";
import type { Run } from "./model/run.ts";
import type { Task } from "./model/task.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";

const CLIENT_ELSEWHERE =
  "agent client is the chat client of an MCP server, which claims tasks with claim_task: on the command line there is none";

export async function agentProblem(run: Run, tasks: Task[], ports: OrchestratorPorts): Promise<Failure | undefined> {
  const { agents, agent } = run.settings;
  const used = new Set(tasks.filter((task) => task.command === undefined).map((task) => task.agent ?? agent));
  const unheld = sandboxProblem(run, used, ports);
  if (unheld !== undefined) return unheld;
  for (const name of used) {
    if (name === undefined) return failure("unknown_agent", "no agent is chosen", agentHint(Object.keys(agents)));
    if (name === CLIENT_AGENT && ports.clientWork) continue;
    if (name === CLIENT_AGENT) return failure("unknown_agent", CLIENT_ELSEWHERE, agentHint(Object.keys(agents)));
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
