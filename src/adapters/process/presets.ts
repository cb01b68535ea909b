/** Coding agents people have, by name, and what starts any agent: its argv with placeholders, and the variables it adds. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Enforcement } from "../../core/model/boundary.ts";
import type { AgentConfiguration, Preset as PresetName } from "../../core/model/configuration.ts";
import { claude } from "./presets/claude.ts";
import { codex } from "./presets/codex.ts";
import { copilot } from "./presets/copilot.ts";
import { gemini } from "./presets/gemini.ts";
import { opencode } from "./presets/opencode.ts";
import type { Preset } from "./presets/preset.ts";
import { qwen } from "./presets/qwen.ts";

const PRESETS: Record<PresetName, Preset> = { claude, codex, gemini, opencode, copilot, qwen };

interface AgentCommand {
  command: string[];
  env: Record<string, string>;
  /** folders of the user it works in, and what of them it may not change: for the sandbox */
  granted: string[];
  guarded: string[];
}

export function presetOf(agent: AgentConfiguration): Preset | undefined {
  return agent.preset === undefined ? undefined : PRESETS[agent.preset];
}

/** The argv of an agent, with its placeholders still in it, and the variables its preset adds. */
export function agentCommand(agent: AgentConfiguration, enforcement: Enforcement = "verified"): AgentCommand {
  const preset = presetOf(agent);
  if (preset === undefined) return { command: agent.command ?? agent.acp ?? [], env: {}, granted: [], guarded: [] };
  const { granted, guarded } = settingsOf(preset);
  const command = [preset.program, ...preset.arguments(agent.model, enforcement === "sandboxed")];
  return { command, env: environmentOf(preset), granted, guarded };
}

/** The agent's own settings folder, where it keeps its log-in; what of it makes programs run stays as it is. */
function settingsOf({ settings }: Preset): { granted: string[]; guarded: string[] } {
  if (settings === undefined) return { granted: [], guarded: [] };
  const named = process.env[settings.variable] ?? settings.folder;
  const folder = settings.below === undefined ? named : join(named, settings.below);
  return { granted: [folder], guarded: settings.guarded.map((name) => join(folder, name)) };
}

/** HOME is private, so the agent is told where its own settings are; a folder that is not there is not named. */
function environmentOf({ settings, passed, fixed }: Preset): Record<string, string> {
  const env = { ...fixed };
  if (settings !== undefined) {
    const folder = process.env[settings.variable] ?? settings.folder;
    if (existsSync(folder)) env[settings.variable] = folder;
  }
  for (const name of passed) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
