/** opencode, headless: `run --format json`, nothing from the repository's own configuration, keys by variable. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import { option, type Preset } from "./preset.ts";

const QUIET = JSON.stringify({ autoupdate: false, share: "disabled", snapshot: false, lsp: false, formatter: false });

export const opencode: Preset = {
  program: "opencode",
  arguments: (model) => [
    ...["run", "--format", "json", "--pure", "--dir", "{workspace}"],
    ...option("-m", model),
    ...["--", "{brief}"],
  ],
  settings: {
    variable: "OPENCODE_CONFIG",
    folder: join(homedir(), ".config", "opencode", "opencode.json"),
    guarded: [],
  },
  passed: ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENCODE_API_KEY"],
  fixed: {
    OPENCODE_CONFIG_CONTENT: QUIET,
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_PROJECT_CONFIG: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  },
  read: readOpencodeLine,
};

const Count = z.number().int().nonnegative().catch(0);

const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), part: z.object({ text: z.string() }) }),
  z.object({ type: z.literal("tool_use"), part: z.object({ tool: z.string() }) }),
  z.object({
    type: z.literal("step_finish"),
    part: z.object({
      cost: z.number().catch(0),
      tokens: z.object({
        input: Count,
        output: Count,
        cache: z.object({ read: Count, write: Count }).catch({ read: 0, write: 0 }),
      }),
    }),
  }),
  z.object({
    type: z.literal("error"),
    error: z.object({ name: z.string().optional(), data: z.object({ message: z.string().optional() }).optional() }),
  }),
]);

function readOpencodeLine(line: unknown): AgentEvent[] {
  const read = Line.safeParse(line);
  if (!read.success) return [];
  const { data } = read;
  switch (data.type) {
    case "text":
      return [{ type: "message", text: data.part.text }];
    case "tool_use":
      return [{ type: "tool_call", name: data.part.tool }];
    case "step_finish":
      return stepEvents(data.part);
    case "error":
      return [{ type: "error", message: data.error.data?.message ?? data.error.name ?? "error" }];
  }
}

/** A price of 0 means that opencode has no price for the model. */
function stepEvents({ cost, tokens }: Extract<z.infer<typeof Line>, { type: "step_finish" }>["part"]): AgentEvent[] {
  const input_tokens = tokens.input + tokens.cache.read + tokens.cache.write;
  const used: AgentEvent = { type: "tokens", counts: "step", input_tokens, output_tokens: tokens.output };
  return cost > 0 ? [used, { type: "cost", counts: "step", usd: cost }] : [used];
}
