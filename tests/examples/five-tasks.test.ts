/** The example in examples/five-tasks, run as its README says. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";

const example = (name: string): string => fileURLToPath(new URL(`../../examples/five-tasks/${name}`, import.meta.url));

test("A, B and C run side by side, then D, then E, and the combination passes its check", async () => {
  await using rig = await Rig.create({ files: { "package.json": '{ "type": "commonjs" }\n' } });
  const args = [
    "--tasks",
    example("tasks.yaml"),
    "--config",
    example("config.yaml"),
    "--repo",
    rig.repository,
    "--json",
  ];
  const { code, json } = await rig.cli(["plan", ...args]);
  expect({ code, batches: json.batches }).toMatchObject({
    code: 0,
    batches: [{ tasks: ["a-helper", "b-format", "c-settings"] }, { tasks: ["d-main"] }, { tasks: ["e-test"] }],
  });
  const answer = await rig.cli(["run", ...args]);
  expect(answer.code).toBe(0);
  expect(answer.report).toMatchObject({ final_status: "success", batches_executed: 3, validation: { passed: true } });
  rig.expectNothingLeft();
});
