/** Gemini CLI, headless: `stream-json`, no questions, the clone trusted for this one session. */
import { homedir } from "node:os";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import { option, type Preset } from "./preset.ts";

export const gemini: Preset = {
  program: "gemini",
  arguments: (model) => [
    ...["-p", "{brief}", "-o", "stream-json", "--approval-mode", "yolo", "--skip-trust"],
    ...option("-m", model),
  ],
  settings: {
    variable: "GEMINI_CLI_HOME",
    folder: homedir(),
    below: ".gemini",
    guarded: ["settings.json", "GEMINI.md", "commands", "extensions", "policies"],
  },
  passed: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_CLOUD_PROJECT", "GEMINI_MODEL"],
  fixed: { GEMINI_CLI_NO_RELAUNCH: "true" },
  read: readGeminiLine,
};

const Count = z.number().int().nonnegative().catch(0);

const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message"), role: z.string(), content: z.string() }),
  z.object({ type: z.literal("tool_use"), tool_name: z.string() }),
  z.object({ type: z.literal("error"), message: z.string() }),
  z.object({
    type: z.literal("result"),
    status: z.string(),
    error: z.object({ message: z.string() }).optional(),
    stats: z.object({ input_tokens: Count, output_tokens: Count }).optional(),
  }),
]);

function readGeminiLine(line: unknown): AgentEvent[] {
  const read = Line.safeParse(line);
  if (!read.success) return [];
  const { data } = read;
  switch (data.type) {
    case "message":
      return data.role === "assistant" ? [{ type: "message", text: data.content }] : [];
    case "tool_use":
      return [{ type: "tool_call", name: data.tool_name }];
    case "error":
      return [{ type: "error", message: data.message }];
    case "result": {
      const outcome = data.status === "success" ? "done" : "error";
      const tokens: AgentEvent[] = data.stats === undefined ? [] : [{ type: "tokens", counts: "total", ...data.stats }];
      return [...tokens, { type: "result", outcome, message: data.error?.message ?? data.status }];
    }
  }
}
