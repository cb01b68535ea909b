/** What an agent was refused while it worked is told as the likely cause of what went wrong, and of nothing else. */
import { expect, test } from "vitest";
import { AgentOutput } from "../../../src/core/4-execute/agent-output.ts";
import { failure } from "../../../src/core/model/failure.ts";

const LINE = "cannot create src/b.txt: Read-only file system";

function heard(...lines: string[]): AgentOutput {
  const output = new AgentOutput();
  for (const what of lines) output.hear({ type: "write_refused", what });
  return output;
}

test.each(["agent_failed", "no_changes", "missing_output", "check_failed", "invalid_output"] as const)(
  "%s after a refused write names it",
  (code) => {
    const { error } = heard(LINE).explained({ error: failure(code, "it failed", "look") });
    expect(error?.message).toBe(`it failed; before that the sandbox refused it to write: ${LINE}`);
    expect(error?.hint).toMatch(/^look; what it was refused has to be declared/);
  },
);

test("a failure of another kind, a success, and one without a refused write stay as they are", () => {
  const other = { error: failure("provider_rejected", "401", "log in") };
  const failed = { error: failure("agent_failed", "it failed", "look") };
  expect(heard(LINE).explained(other)).toBe(other);
  expect(heard(LINE).explained({})).toEqual({});
  expect(heard().explained(failed)).toBe(failed);
  expect(heard(LINE).record()).toEqual({ refused_writes: [LINE] });
});
