/** Folders that no process may be shown or given: a check that names one is refused before anything starts, as an agent is. */
import { expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";

test.each(["show", "writable"])("a check whose `%s` names the disk starts nothing", async (key) => {
  await using rig = await Rig.create({ config: { checks: { c: { command: ["true"], [key]: ["/"] } } } });
  const answer = await rig.run(rig.tasks({ id: "a" }));
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain(`checks.c.${key}[0]: "/" is the whole disk`);
  expect(rig.startedAgents).toEqual([]);
});
