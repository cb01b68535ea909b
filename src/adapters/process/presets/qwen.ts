/** Qwen Code, headless: the flags of Gemini CLI, from which it comes, and the stream of Claude Code. */
import { homedir } from "node:os";
import { join } from "node:path";
import { readClaudeLine } from "./claude.ts";
import { option, type Preset } from "./preset.ts";

export const qwen: Preset = {
  program: "qwen",
  arguments: (model) => ["-o", "stream-json", "--approval-mode", "yolo", ...option("-m", model), "{brief}"],
  settings: {
    variable: "QWEN_HOME",
    folder: join(homedir(), ".qwen"),
    guarded: ["settings.json", "QWEN.md", "commands", "extensions", "agents"],
  },
  passed: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"],
  fixed: { QWEN_USAGE_STATISTICS_ENABLED: "false", QWEN_TELEMETRY_ENABLED: "false" },
  read: readClaudeLine,
};
