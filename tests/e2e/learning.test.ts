/** Estimates of a new run after an earlier one in the same repository: corrected, said so, and the same each time they are asked for. */
import { expect, test } from "vitest";
import { ExecutionPlan } from "../../src/core/model/execution-plan.ts";
import { Rig } from "../rig/rig.ts";
import { append } from "../rig/steps.ts";

test("after a run whose tasks took less than declared, a plan of like tasks counts with less, and says why", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [append("a.txt", "a\n")], b: [append("b.txt", "b\n")], c: [append("c.txt", "c\n")] });
  const tasks = rig.tasks({ id: "a" }, { id: "b" }, { id: "c" });
  const plan = async (): Promise<ExecutionPlan> =>
    ExecutionPlan.parse((await rig.cli(["plan", "--json", "--tasks", tasks, ...rig.usual])).json);
  const before = await plan();
  expect([before.estimates, before.estimated_sequential_time]).toEqual([undefined, "30min"]);
  expect((await rig.run(tasks)).code).toBe(0);
  const after = await plan();
  expect(
    after.estimates?.map(({ task_id, declared_ms, why }) => [task_id, declared_ms, why.split(" make")[0]]),
  ).toEqual(["a", "b", "c"].map((id) => [id, 600_000, "3 past tasks of its agent and category"]));
  const planned = after.estimates?.map((estimate) => estimate.planned_ms) ?? [];
  expect(Math.max(...planned)).toBeLessThan(600_000);
  expect(after.estimated_sequential_time_ms).toBe(planned.reduce((sum, ms) => sum + ms, 0));
  expect((await plan()).estimates).toEqual(after.estimates);
  const shown = await rig.cli(["plan", "--tasks", tasks, ...rig.usual]);
  expect(shown.stdout).toMatch(/a +10min → \d/);
  expect(shown.stdout).toContain("estimates corrected by past runs:");
});
