/** What is wrong with a workflow is found when it is read, and named by phase and field. */
import { expect, test } from "vitest";
import { Workflow } from "../../../src/core/model/workflow.ts";

const LOOK = {
  id: "phase_1_look",
  name: "Look",
  access: "read_only",
  outputs: ["notes", "tasks"],
  instructions: "Look.",
};
const WRITE = {
  id: "phase_2_write",
  name: "Write",
  access: "write",
  scope: { from: "phase_1_look" },
  instructions: "Write.",
};

function problems(phases: Record<string, unknown>[], part: Record<string, unknown> = {}): string[] {
  const read = Workflow.safeParse({ id: "900_EXAMPLE", name: "example", description: "x", phases, ...part });
  return (read.error?.issues ?? []).map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
}

test("a sound one is taken", () => {
  expect(problems([LOOK, WRITE], { sync_point: "after_phase_2" })).toEqual([]);
});

test.each<[string, Record<string, unknown>[], Record<string, unknown>, string]>([
  [
    "an unknown phase in gates",
    [LOOK, { ...WRITE, gates: ["phase_9_x"] }],
    {},
    'phases.1.gates: names "phase_9_x", no phase of this workflow',
  ],
  ["an unknown phase in inputs", [LOOK, { ...WRITE, inputs: ["phase_7_y"] }], {}, 'phases.1.inputs: names "phase_7_y"'],
  [
    "cyclic gates",
    [{ ...LOOK, gates: ["phase_2_write"] }, WRITE],
    {},
    "the gates form a circle: phase_1_look waits for phase_2_write waits for phase_1_look",
  ],
  ["a phase that waits for itself", [{ ...LOOK, gates: ["phase_1_look"] }], {}, "the phase itself"],
  [
    "a sync point after no phase",
    [LOOK, WRITE],
    { sync_point: "after_phase_9" },
    'sync_point "after_phase_9" comes after no phase of this workflow; it has after_phase_1, after_phase_2',
  ],
  ["a scope that nobody declares", [{ ...LOOK, outputs: ["notes"] }, WRITE], {}, "phase_1_look declares no scope"],
  ["a scope of a reading phase", [{ ...LOOK, scope: { files: ["a"] } }], {}, "a read_only phase writes nothing"],
  [
    "two phases of one number",
    [LOOK, { ...WRITE, id: "phase_1_write" }],
    {},
    "phase_1_write has the number or the word of phase_1_look",
  ],
  ["an access that is none", [{ ...LOOK, access: "everything" }], {}, "phases.0.access"],
  ["a scope that leaves the repository", [{ ...WRITE, scope: { files: ["../{target}"] } }], {}, "phases.0.scope"],
  ["a field nobody knows", [{ ...LOOK, command: ["sh"] }], {}, "command"],
])("%s is refused", (_, phases, part, message) => {
  expect(problems(phases, part).join("\n")).toContain(message);
});
