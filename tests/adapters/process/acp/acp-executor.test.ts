import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Attempt } from "../../../rig/agents/attempt.ts";

const AGENT = fileURLToPath(new URL("../../../rig/agents/acp-agent.mjs", import.meta.url));

type Step = Record<string, unknown>;

function scripted(attempt: Attempt, script: { steps?: Step[]; stop?: string }, keys: Step = {}): Step {
  const env = {
    ACP_SCRIPT: attempt.file("script.json", JSON.stringify({ task: script })),
    ACP_RECORD: join(attempt.folder, "record.jsonl"),
  };
  return { acp: [process.execPath, AGENT], env, timeout: "1min", ...keys };
}

function recorded(attempt: Attempt): Step[] {
  const text = readFileSync(join(attempt.folder, "record.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const isGone = (pid: number): boolean => !existsSync(`/proc/${pid}`);

describe("the conversation with an ACP agent", () => {
  test("offers writes but no reads, sets the mode that asks, sends the brief, and hears what it used", async () => {
    using attempt = new Attempt({ "src/a.txt": "1\n" });
    const result = await attempt.run(scripted(attempt, { steps: [{ do: "write", path: "src/a.txt", text: "2\n" }] }));
    expect(result).toEqual({ ok: true, value: undefined });
    expect(recorded(attempt)).toEqual([
      { initialize: expect.objectContaining({ fs: { readTextFile: false, writeTextFile: true }, terminal: false }) },
      { mode: "default" },
      { prompt: "Do it.\n" },
      { wrote: "src/a.txt" },
    ]);
    expect(attempt.events).toContainEqual({ type: "tokens", counts: "total", input_tokens: 75, output_tokens: 30 });
    expect(readFileSync(join(attempt.workspace, "src/a.txt"), "utf8")).toBe("2\n");
  });

  test("takes the mode the operator names, and says which there are when there is none of that name", async () => {
    using attempt = new Attempt();
    await attempt.run(scripted(attempt, {}, { mode: "everything" }));
    expect(recorded(attempt)).toContainEqual({ mode: "everything" });
    const wrong = await attempt.run(scripted(attempt, {}, { mode: "nothing" }));
    expect(wrong).toMatchObject({ ok: false, error: { code: "agent_unavailable" } });
    expect(JSON.stringify(wrong)).toContain("it offers everything, default");
  });

  test("grants and refuses from the boundary, once at a time, and commands only where they are allowed", async () => {
    using attempt = new Attempt({ "src/a.txt": "1\n" });
    const steps = [
      { do: "ask", kind: "edit", path: "src/a.txt" },
      { do: "ask", kind: "edit", path: "README.md" },
      { do: "ask", kind: "delete", path: "src/../../x" },
      { do: "ask", kind: "edit" },
      { do: "ask", kind: "read", path: "README.md" },
      { do: "ask", kind: "execute" },
      { do: "ask", kind: "switch_mode" },
    ];
    const answers = async (keys: Step): Promise<unknown[]> => {
      await attempt.run(scripted(attempt, { steps }, keys));
      return recorded(attempt)
        .flatMap((entry) => entry.answer ?? [])
        .slice(-steps.length);
    };
    const [yes, no] = ["allow_once", "reject_once"];
    expect(await answers({})).toEqual([yes, no, no, no, yes, no, no]);
    expect(await answers({ execute: "allow" })).toEqual([yes, no, no, no, yes, yes, no]);
    expect(attempt.events).toContainEqual({
      type: "permission_denied",
      what: `edit README.md: ${join(attempt.workspace, "README.md")}: it is outside the task's scope`,
    });
  });

  test("ends an agent that takes too long: told to stop, then its process is gone", async () => {
    using attempt = new Attempt();
    const result = await attempt.run(scripted(attempt, { steps: [{ do: "wait" }] }, { timeout: "1s" }));
    expect(result).toMatchObject({ ok: false, error: { code: "timed_out" } });
    expect(recorded(attempt)).toContainEqual({ cancel: true });
    expect(attempt.pids.map(isGone)).toEqual([true]);
  });

  test("ends with the run", async () => {
    using attempt = new Attempt();
    const stop = new AbortController();
    const agent = scripted(attempt, { steps: [{ do: "cost", usd: 1 }, { do: "wait" }] });
    const result = await attempt.run(agent, { stop, heard: () => stop.abort() });
    expect(result).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect(attempt.pids.map(isGone)).toEqual([true]);
  });

  test.each([
    ["a refusal", { stop: "refusal" }, "agent_refused"],
    ["an end at the token limit", { stop: "max_tokens" }, "agent_failed"],
    [
      "an overloaded provider",
      { steps: [{ do: "fail", message: "API Error: 529 overloaded_error" }] },
      "provider_unavailable",
    ],
    ["a missing log-in", { steps: [{ do: "fail", message: "Authentication required" }] }, "provider_rejected"],
    ["an error of its own", { steps: [{ do: "fail", message: "cannot think" }] }, "agent_failed"],
    ["a process that dies", { steps: [{ do: "exit", code: 7 }] }, "agent_failed"],
    ["a process that leaves without an answer", { steps: [{ do: "exit", code: 0 }] }, "agent_failed"],
  ])("takes %s for a failure of its own kind", async (_, script, code) => {
    using attempt = new Attempt();
    expect(await attempt.run(scripted(attempt, script))).toMatchObject({ ok: false, error: { code } });
  });

  test("does not wait for a program that says nothing the protocol knows", async () => {
    using attempt = new Attempt();
    const result = await attempt.run({ acp: [process.execPath, "-e", "console.log('hello')"], timeout: "1min" });
    expect(result).toMatchObject({ ok: false, error: { code: "agent_failed" } });
  });
});
