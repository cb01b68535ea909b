/** `agents`: every preset and every configured agent, with what this machine has of it. */
import { agentInspector, type Inspection } from "../compose.ts";
import { type AgentConfiguration, type Configuration, PRESETS } from "../core/model/configuration.ts";
import { columns, EXIT, plain, print, printJson } from "./output.ts";
import { withCore } from "./session.ts";

interface Listed extends Inspection {
  name: string;
  kind: "preset" | "acp" | "command";
  what: string;
  installed: boolean;
  available: boolean;
  is_default: boolean;
}

export async function agentsCommand(options: { config?: string; json?: boolean }): Promise<number> {
  return withCore({ config: options.config, read_only: true }, async ({ orchestrator }) => {
    const { configuration } = orchestrator.sources;
    const inspect = agentInspector(configuration.sandbox);
    const agents = await Promise.all(
      known(configuration).map(async ([name, agent]) => listed(name, agent, { configuration, inspect })),
    );
    if (options.json) printJson({ agents });
    else print(columns(agents.map(row)));
    return EXIT.success;
  });
}

/** Agents that are configured, and the presets that are not. */
function known({ agents }: Configuration): [string, AgentConfiguration][] {
  const presets = PRESETS.filter((preset) => agents[preset] === undefined);
  const rest = presets.map((preset): [string, AgentConfiguration] => [preset, { preset, env: [], timeout: "30min" }]);
  return [...Object.entries(agents), ...rest];
}

async function listed(
  name: string,
  agent: AgentConfiguration,
  { configuration, inspect }: { configuration: Configuration; inspect: ReturnType<typeof agentInspector> },
): Promise<Listed> {
  const inspection = await inspect(agent);
  const kind = agent.preset !== undefined ? "preset" : agent.acp !== undefined ? "acp" : "command";
  const what = agent.preset === undefined ? (agent.acp ?? agent.command ?? []).join(" ") : `preset ${agent.preset}`;
  const installed = inspection.path !== undefined;
  const available = installed && inspection.starts !== false && inspection.hidden === undefined;
  const is_default = name === configuration.default_agent;
  return { name, kind, what, installed, available, is_default, ...inspection };
}

function row(agent: Listed): string[] {
  const state = agent.available ? (agent.starts === null ? "installed" : "starts") : "";
  const hidden = agent.hidden === undefined ? "" : "hidden";
  const words = state || hidden || (agent.installed ? "does not start" : "not installed");
  const said = agent.installed ? (agent.problem ?? agent.hidden ?? agent.path ?? "") : "";
  const kind = agent.kind === "preset" ? agent.what : `${agent.kind} ${agent.what}`;
  const name = agent.is_default ? `${agent.name} (default)` : agent.name;
  return [name, words, agent.version ?? "", plain(kind).slice(0, 60), plain(said)];
}
