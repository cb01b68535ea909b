import { describe, expect, test } from "vitest";
import { agentCommand, presetOf } from "../../../src/adapters/process/presets.ts";
import type { AgentEvent } from "../../../src/core/model/agent-event.ts";
import { AgentConfiguration, PRESETS, type Preset } from "../../../src/core/model/configuration.ts";

const configured = (preset: Preset, keys: Record<string, unknown> = {}): AgentConfiguration =>
  AgentConfiguration.parse({ preset, ...keys });

function events(preset: Preset, lines: unknown[]): AgentEvent[] {
  const known = presetOf(configured(preset));
  return lines.flatMap((line) => known?.read(line) ?? []);
}

describe("every preset", () => {
  test.each(PRESETS)("%s gets the brief as an argument and the model by its own flag", (preset) => {
    const { command } = agentCommand(configured(preset, { model: "some-model" }));
    expect(command[0]).toBe(preset);
    expect(command.filter((part) => part === "{brief}")).toHaveLength(1);
    expect(command[command.indexOf("some-model") - 1]).toMatch(/^(-m|--model)$/);
    expect(agentCommand(configured(preset)).command).not.toContain("some-model");
  });

  test.each(PRESETS)("%s takes nothing for an event that it does not know", (preset) => {
    const lines = [
      null,
      1,
      "text",
      [],
      {},
      { type: 7 },
      { type: "result" },
      { type: "error" },
      { type: "future", x: 1 },
    ];
    expect(events(preset, lines)).toEqual([]);
  });

  test.each(PRESETS)("%s passes its own keys and no others", (preset) => {
    const names = [...(presetOf(configured(preset))?.passed ?? []), "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY"];
    const before = names.map((name): [string, string | undefined] => [name, process.env[name]]);
    for (const name of names) process.env[name] = "dummy-key-0123456789";
    const { env } = agentCommand(configured(preset));
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    expect(names.filter((name) => name in env)).toEqual(names.slice(0, -2));
  });
});

describe("codex", () => {
  test("a finished turn", () => {
    const lines = [
      { type: "thread.started", thread_id: "t" },
      { type: "item.completed", item: { id: "item_0", type: "error", message: "Model metadata not found." } },
      { type: "turn.started" },
      { type: "item.started", item: { id: "item_1", type: "command_execution", command: "ls", status: "in_progress" } },
      { type: "item.completed", item: { id: "item_1", type: "command_execution", command: "ls", exit_code: 0 } },
      { type: "item.completed", item: { id: "item_2", type: "file_change" } },
      { type: "item.completed", item: { id: "item_3", type: "agent_message", text: "All done." } },
      { type: "turn.completed", usage: { input_tokens: 246, cached_input_tokens: 0, output_tokens: 90 } },
    ];
    expect(events("codex", lines)).toEqual([
      { type: "tool_call", name: "ls" },
      { type: "tool_call", name: "file_change" },
      { type: "message", text: "All done." },
      { type: "tokens", counts: "step", input_tokens: 246, output_tokens: 90 },
      { type: "result", outcome: "done", message: "" },
    ]);
  });

  test("a failed turn", () => {
    const message = "exceeded retry limit, last status: 429 Too Many Requests";
    expect(
      events("codex", [
        { type: "error", message },
        { type: "turn.failed", error: { message } },
      ]),
    ).toEqual([
      { type: "error", message },
      { type: "result", outcome: "error", message },
    ]);
  });
});

describe("claude", () => {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: 100, output_tokens: 7 };

  test("a finished run with a refused tool", () => {
    const content = [
      { type: "text", text: "I write it." },
      { type: "tool_use", name: "Write", input: {} },
    ];
    const lines = [
      { type: "system", subtype: "init", cwd: "/w", tools: [] },
      { type: "assistant", message: { role: "assistant", content, usage } },
      { type: "system", subtype: "permission_denied", tool_name: "Bash" },
      { type: "user", message: { role: "user", content: [{ type: "tool_result", content: "ok" }] } },
      { type: "result", subtype: "success", is_error: false, result: "Done.", total_cost_usd: 0.0123, usage },
    ];
    expect(events("claude", lines)).toEqual([
      { type: "message", text: "I write it." },
      { type: "tool_call", name: "Write" },
      { type: "permission_denied", what: "Bash" },
      { type: "tokens", counts: "total", input_tokens: 115, output_tokens: 7 },
      { type: "cost", counts: "total", usd: 0.0123 },
      { type: "result", outcome: "done", message: "Done." },
    ]);
  });

  test.each([
    [
      "an error the provider gave",
      { subtype: "success", is_error: true, result: "API Error: 529 overloaded" },
      "error",
    ],
    ["too many turns", { subtype: "error_max_turns", is_error: false }, "error"],
    ["a refusal", { subtype: "success", is_error: false, result: "I will not.", stop_reason: "refusal" }, "refused"],
  ])("%s", (_, line, outcome) => {
    expect(events("claude", [{ type: "result", ...line }])).toMatchObject([{ type: "result", outcome }]);
  });

  test("qwen writes the same stream", () => {
    const lines = [
      { type: "result", subtype: "error_during_execution", is_error: true, error: { message: "boom" }, usage },
    ];
    expect(events("qwen", lines)).toEqual([
      { type: "tokens", counts: "total", input_tokens: 115, output_tokens: 7 },
      { type: "result", outcome: "error", message: "boom" },
    ]);
  });
});

test("gemini", () => {
  const lines = [
    { type: "init", session_id: "s", model: "m" },
    { type: "message", role: "user", content: "brief" },
    { type: "message", role: "assistant", content: "Working.", delta: true },
    { type: "tool_use", tool_name: "write_file", tool_id: "1", parameters: {} },
    { type: "tool_result", tool_id: "1", status: "success" },
    { type: "error", severity: "warning", message: "Loop detected" },
    {
      type: "result",
      status: "success",
      stats: { total_tokens: 168, input_tokens: 123, output_tokens: 45, tool_calls: 1 },
    },
    { type: "result", status: "error", error: { type: "Error", message: "401 API key not valid" } },
  ];
  expect(events("gemini", lines)).toEqual([
    { type: "message", text: "Working." },
    { type: "tool_call", name: "write_file" },
    { type: "error", message: "Loop detected" },
    { type: "tokens", counts: "total", input_tokens: 123, output_tokens: 45 },
    { type: "result", outcome: "done", message: "success" },
    { type: "result", outcome: "error", message: "401 API key not valid" },
  ]);
});

test("opencode", () => {
  const tokens = { input: 100, output: 20, reasoning: 0, cache: { read: 10, write: 1 } };
  const lines = [
    { type: "step_start", part: { type: "step-start" } },
    { type: "tool_use", part: { tool: "edit", state: { status: "completed" } } },
    { type: "text", part: { text: "Done." } },
    { type: "step_finish", part: { reason: "stop", cost: 0.002, tokens } },
    { type: "step_finish", part: { reason: "stop", cost: 0, tokens: { input: 1, output: 2 } } },
    { type: "error", error: { name: "APIError", data: { message: "Too Many Requests", statusCode: 429 } } },
  ];
  expect(events("opencode", lines)).toEqual([
    { type: "tool_call", name: "edit" },
    { type: "message", text: "Done." },
    { type: "tokens", counts: "step", input_tokens: 111, output_tokens: 20 },
    { type: "cost", counts: "step", usd: 0.002 },
    { type: "tokens", counts: "step", input_tokens: 1, output_tokens: 2 },
    { type: "error", message: "Too Many Requests" },
  ]);
});

test("copilot", () => {
  const lines = [
    { type: "assistant.message", data: { content: "Done." } },
    { type: "tool.execution_start", data: { toolName: "edit" } },
    { type: "assistant.usage", data: { inputTokens: 5, outputTokens: 6 } },
    { type: "session.error", data: { message: "401 Unauthorized" } },
  ];
  expect(events("copilot", lines)).toEqual([
    { type: "message", text: "Done." },
    { type: "tool_call", name: "edit" },
    { type: "tokens", counts: "step", input_tokens: 5, output_tokens: 6 },
    { type: "error", message: "401 Unauthorized" },
  ]);
});
