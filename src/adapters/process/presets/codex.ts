/** Codex, headless: `exec --json`, writing inside the workspace without questions, no rules from the repository. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import { option, type Preset } from "./preset.ts";

export const codex: Preset = {
  program: "codex",
  arguments: (model, sandboxed) => [
    ...["exec", "--json", "--ephemeral", "--ignore-rules", "--skip-git-repo-check"],
    ...[
      "-s",
      sandboxed ? "danger-full-access" : "workspace-write",
      "-C",
      "{workspace}",
      "-c",
      'approval_policy="never"',
    ],
    ...["-c", "check_for_update_on_startup=false", "-c", "analytics.enabled=false"],
    // Codex's own sandbox would leave all of /tmp writable; the agent has a TMPDIR of its own.
    ...["-c", "sandbox_workspace_write.exclude_slash_tmp=true"],
    ...option("-m", model),
    ...["--", "{brief}"],
  ],
  settings: {
    variable: "CODEX_HOME",
    folder: join(homedir(), ".codex"),
    guarded: ["config.toml", "AGENTS.md", "prompts", "rules", "skills"],
  },
  passed: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_API_KEY"],
  fixed: {},
  read: readCodexLine,
};

const Line = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("item.completed"),
    item: z.object({ type: z.string(), text: z.string().optional(), command: z.string().optional() }),
  }),
  z.object({
    type: z.literal("turn.completed"),
    usage: z.object({ input_tokens: z.number().int(), output_tokens: z.number().int() }).optional(),
  }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);

function readCodexLine(line: unknown): AgentEvent[] {
  const read = Line.safeParse(line);
  if (!read.success) return [];
  const { data } = read;
  switch (data.type) {
    case "item.completed":
      return itemEvents(data.item);
    case "turn.completed":
      return [...tokens(data.usage), { type: "result", outcome: "done", message: "" }];
    case "turn.failed":
      return [{ type: "result", outcome: "error", message: data.error.message }];
    case "error":
      return [{ type: "error", message: data.message }];
  }
}

const TOOLS = ["command_execution", "file_change", "mcp_tool_call", "web_search"];

/** An `error` item is a warning (an unknown model's defaults, say): what ends a turn comes as `turn.failed`. */
function itemEvents(item: { type: string; text?: string | undefined; command?: string | undefined }): AgentEvent[] {
  if (item.type === "agent_message") return [{ type: "message", text: item.text ?? "" }];
  return TOOLS.includes(item.type) ? [{ type: "tool_call", name: item.command ?? item.type }] : [];
}

function tokens(usage: { input_tokens: number; output_tokens: number } | undefined): AgentEvent[] {
  return usage === undefined ? [] : [{ type: "tokens", counts: "step", ...usage }];
}
