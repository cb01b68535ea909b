import { describe, expect, test } from "vitest";
import type { LastWords } from "../../../src/adapters/process/event-stream.ts";
import { judgeAgent, refusedWrites } from "../../../src/adapters/process/judge-agent.ts";
import { providerFailure } from "../../../src/adapters/process/provider-failure.ts";

const exited = (code: number, tail = ""): Parameters<typeof judgeAgent>[0] => ({
  ...{ end: "exited", code, signal: null, tail, duration_ms: 1 },
});
const result = (outcome: "done" | "error" | "refused", message = ""): LastWords => ({
  result: { type: "result", outcome, message },
});

describe("an agent that exits 0", () => {
  test("has not failed yet, whatever it printed: what it changed decides", () => {
    expect(judgeAgent(exited(0, "HTTP 429"), 0)).toBeUndefined();
    expect(judgeAgent(exited(0), 0, {})).toBeUndefined();
    expect(judgeAgent(exited(0), 0, { ...result("done"), error: "429, reconnecting" })).toBeUndefined();
  });

  test("has failed when its own result says so", () => {
    expect(judgeAgent(exited(0), 0, result("error", "max turns"))?.code).toBe("agent_failed");
    expect(judgeAgent(exited(0), 0, result("refused", "no"))?.code).toBe("agent_refused");
    expect(judgeAgent(exited(0), 0, result("error", "529 overloaded"))?.code).toBe("provider_unavailable");
  });
});

describe("an agent that exits with an error", () => {
  test("is asked why: its result, else its last error, else what it printed beside its stream", () => {
    expect(judgeAgent(exited(1), 0, result("error", "401 Unauthorized"))?.code).toBe("provider_rejected");
    expect(judgeAgent(exited(1), 0, { error: "Too Many Requests" })?.code).toBe("provider_unavailable");
    expect(judgeAgent(exited(145, "Error: 401 API key not valid\n"), 0, {})?.code).toBe("provider_rejected");
  });

  test("has failed by itself when the number stood in its work", () => {
    expect(judgeAgent(exited(1, '{"type":"text","text":"429"}\nassertion failed\n'), 0, {})?.code).toBe("agent_failed");
    expect(judgeAgent(exited(1, "429 Too Many Requests"), 0)?.code).toBe("agent_failed");
  });

  test("has failed by itself when it said it was done", () => {
    expect(judgeAgent(exited(1), 0, { ...result("done"), error: "429" })?.code).toBe("agent_failed");
  });
});

test.each([
  ["exceeded retry limit, last status: 429 Too Many Requests", "provider_unavailable"],
  ["unexpected status 503 Service Unavailable: x", "provider_unavailable"],
  ['API Error: 529 {"type":"overloaded_error"}', "provider_unavailable"],
  ["stream disconnected before completion: error sending request for url", "provider_unavailable"],
  ["connect ECONNREFUSED 127.0.0.1:9", "provider_unavailable"],
  ["RESOURCE_EXHAUSTED", "provider_unavailable"],
  ["429 You exceeded your current quota: insufficient_quota", "provider_rejected"],
  ["Credit balance is too low", "provider_rejected"],
  ["Invalid API key · Please run /login", "provider_rejected"],
  ["unexpected status 401 Unauthorized", "provider_rejected"],
  ["the file has 4290 lines", undefined],
  ["test failed: expected 3, got 4", undefined],
])("%s is %s", (said, code) => {
  expect(providerFailure(said)?.code).toBe(code);
});

describe("lines that tell of a refused write", () => {
  const line = "sh: 1: cannot create src/b.txt: Read-only file system";

  test("are found once each, in plain output and in the texts of a stream", () => {
    const event = JSON.stringify({ type: "tool_result", content: [{ text: `ran it\n${line}\ndone` }] });
    expect(refusedWrites(`${line}\nfine\n${event}\n`, "")).toEqual([line]);
    expect(refusedWrites(`{"half ${line}\n`, "")).toEqual([`{"half ${line}`]);
  });

  test("are nobody's where the agent repeats its brief, in whatever form", () => {
    const brief = `Attempt 1 failed: did not create x; before that the sandbox refused it to write: ${line}`;
    expect(refusedWrites(`${brief}\n${JSON.stringify({ prompt: brief })}\n${line}`, brief)).toEqual([]);
  });
});
