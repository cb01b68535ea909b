/** Claude Code, headless: `stream-json`, edits without questions, no settings or MCP servers from the repository. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import { option, type Preset } from "./preset.ts";

const NO_SERVERS = JSON.stringify({ mcpServers: {} });

export const claude: Preset = {
  program: "claude",
  arguments: (model) => [
    ...["-p", "{brief}", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits"],
    ...["--setting-sources", "user", "--strict-mcp-config", "--mcp-config", NO_SERVERS, "--no-session-persistence"],
    ...option("--model", model),
  ],
  settings: {
    variable: "CLAUDE_CONFIG_DIR",
    folder: join(homedir(), ".claude"),
    guarded: ["settings.json", "settings.local.json", "CLAUDE.md", "hooks", "commands", "agents", "skills", "plugins"],
  },
  passed: [
    ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL"],
    "CLAUDE_CODE_OAUTH_TOKEN",
  ],
  fixed: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1" },
  read: readClaudeLine,
};

const Count = z.number().int().nonnegative().catch(0);
const Tokens = z.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_creation_input_tokens: Count,
  cache_read_input_tokens: Count,
});

const Line = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("assistant"),
    message: z.object({
      content: z.array(
        z.object({ type: z.string(), text: z.string().optional(), name: z.string().optional() }).catch({ type: "" }),
      ),
    }),
  }),
  z.object({ type: z.literal("system"), subtype: z.string(), tool_name: z.string().optional() }),
  z.object({
    type: z.literal("result"),
    subtype: z.string(),
    is_error: z.boolean().catch(false),
    result: z.string().optional(),
    errors: z.array(z.string()).optional(),
    error: z.object({ message: z.string() }).optional(),
    stop_reason: z.string().nullish(),
    total_cost_usd: z.number().optional(),
    usage: Tokens.optional(),
  }),
]);

/** Qwen Code writes the same stream. */
export function readClaudeLine(line: unknown): AgentEvent[] {
  const read = Line.safeParse(line);
  if (!read.success) return [];
  const { data } = read;
  if (data.type === "result") return resultEvents(data);
  if (data.type === "system") {
    return data.subtype === "permission_denied"
      ? [{ type: "permission_denied", what: data.tool_name ?? "a tool" }]
      : [];
  }
  return data.message.content.flatMap((part): AgentEvent[] => {
    if (part.type === "text" && part.text) return [{ type: "message", text: part.text }];
    return part.type === "tool_use" ? [{ type: "tool_call", name: part.name ?? "tool" }] : [];
  });
}

function resultEvents(line: Extract<z.infer<typeof Line>, { type: "result" }>): AgentEvent[] {
  const { usage, total_cost_usd } = line;
  const events: AgentEvent[] = [];
  if (usage !== undefined) {
    const input_tokens = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
    events.push({ type: "tokens", counts: "total", input_tokens, output_tokens: usage.output_tokens });
  }
  if (total_cost_usd !== undefined) events.push({ type: "cost", counts: "total", usd: total_cost_usd });
  const failed = line.is_error || line.subtype !== "success";
  const message = line.result ?? line.error?.message ?? line.errors?.join("; ") ?? line.subtype;
  const outcome = line.stop_reason === "refusal" ? "refused" : failed ? "error" : "done";
  return [...events, { type: "result", outcome, message }];
}
