/** GitHub Copilot CLI, headless: JSON output, files and shell without questions, no instructions or servers of its own accord. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import { option, type Preset } from "./preset.ts";

export const copilot: Preset = {
  program: "copilot",
  arguments: (model) => [
    ...["-p", "{brief}", "--output-format", "json", "--allow-tool", "write", "--allow-tool", "shell"],
    ...["--no-auto-update", "--no-custom-instructions", "--disable-builtin-mcps", "--no-ask-user", "-C", "{workspace}"],
    ...option("--model", model),
  ],
  settings: {
    variable: "COPILOT_HOME",
    folder: join(homedir(), ".copilot"),
    guarded: ["mcp-config.json", "agents", "skills"],
  },
  passed: [
    ...["COPILOT_GITHUB_TOKEN", "COPILOT_MODEL", "COPILOT_OFFLINE"],
    ...["COPILOT_PROVIDER_BASE_URL", "COPILOT_PROVIDER_API_KEY"],
  ],
  fixed: { COPILOT_AUTO_UPDATE: "false" },
  read: readCopilotLine,
};

/** Line of Copilot's stream, which is not documented: only what is unmistakable is taken from it, by name. */
const Line = z.object({
  type: z.string(),
  data: z
    .object({
      content: z.string().optional(),
      toolName: z.string().optional(),
      message: z.string().optional(),
      inputTokens: z.number().int().optional(),
      outputTokens: z.number().int().optional(),
    })
    .catch({}),
});

function readCopilotLine(line: unknown): AgentEvent[] {
  const read = Line.safeParse(line);
  if (!read.success) return [];
  const { type, data } = read.data;
  if (type === "assistant.message" && data.content) return [{ type: "message", text: data.content }];
  if (type === "tool.execution_start") return [{ type: "tool_call", name: data.toolName ?? "tool" }];
  if (type === "session.error") return [{ type: "error", message: data.message ?? "error" }];
  if (type === "assistant.usage" && data.inputTokens !== undefined) {
    const { inputTokens: input_tokens, outputTokens: output_tokens = 0 } = data;
    return [{ type: "tokens", counts: "step", input_tokens, output_tokens }];
  }
  return [];
}
