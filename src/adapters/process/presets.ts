/** Coding agents people have, as commands: what to call so that they work without questions and end by themselves. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { AgentConfiguration, Preset } from "../../core/model/configuration.ts";

interface PresetCommand {
  command: string[];
  /** variables the agent needs to log in; its own settings folder stays the user's */
  env: Record<string, string | undefined>;
}

export function presetCommand(preset: Preset): PresetCommand {
  const home = homedir();
  switch (preset) {
    case "claude":
      return {
        command: [
          "claude",
          "-p",
          "{brief}",
          "--output-format",
          "stream-json",
          "--verbose",
          "--permission-mode",
          "acceptEdits",
        ],
        env: {
          CLAUDE_CONFIG_DIR: process.env.CLAUDE_CONFIG_DIR ?? join(home, ".claude"),
          ANTHROPIC_API_KEY: process.env.ANTHROPIC_API_KEY,
        },
      };
    case "codex":
      return {
        command: [
          ...["codex", "exec", "--json", "--skip-git-repo-check", "-s", "workspace-write", "-C", "{workspace}"],
          ...["-c", 'approval_policy="never"', "{brief}"],
        ],
        env: {
          CODEX_HOME: process.env.CODEX_HOME ?? join(home, ".codex"),
          OPENAI_API_KEY: process.env.OPENAI_API_KEY,
        },
      };
    case "gemini":
      return {
        command: ["gemini", "-p", "{brief}", "-o", "stream-json", "--approval-mode", "yolo", "--skip-trust"],
        env: { GEMINI_API_KEY: process.env.GEMINI_API_KEY },
      };
  }
}

/** The argv of an agent, with its placeholders still in it, and the variables its preset adds. */
export function agentCommand(agent: AgentConfiguration): PresetCommand {
  if (agent.preset !== undefined) return presetCommand(agent.preset);
  return { command: agent.command ?? [], env: {} };
}
