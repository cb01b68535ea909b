/** The repository's own .forkjoin.yaml: chooses among names, defines nothing until its exact content is approved. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { write } from "../rig/steps.ts";

test("what it defines is refused with the line to run, until exactly that content is approved; then it counts", async () => {
  await using rig = await Rig.create({ config: { sandbox: "off" } });
  const proof = join(rig.folder, "ran");
  const file = { checks: { own: { command: ["touch", proof] } }, validate: ["own"], max_parallel: 1 };
  rig.commit({ ".forkjoin.yaml": JSON.stringify(file) }, "Own configuration");
  rig.script({ a: [write("a.txt", "A\n")] });
  const tasks = rig.tasks({ id: "a" });
  const refused = await rig.run(tasks);
  expect(refused.code).toBe(2);
  expect(refused.failure).toMatchObject({
    code: "invalid_configuration",
    message: `${rig.repository}/.forkjoin.yaml defines checks, and nobody has approved this content`,
    hint: `read it, then run: forkjoin trust --repo ${rig.repository}`,
  });
  expect([existsSync(proof), rig.startedAgents]).toEqual([false, []]);
  const approved = await rig.cli(["trust", "--repo", rig.repository, "--json"]);
  expect(approved.json).toMatchObject({ defines: ["checks"] });
  const done = await rig.run(tasks);
  expect(done.report).toMatchObject({
    final_status: "success",
    validation: { passed: true, checks: [{ check: "own" }] },
  });
  expect(existsSync(proof)).toBe(true);
  rig.place(".forkjoin.yaml", JSON.stringify({ ...file, setup: [["true"]] }));
  rig.photograph();
  expect((await rig.run(tasks)).failure.message).toContain("defines checks, setup");
});

seldom("choices among names count unasked, prove no less, and bad ones are refused", async () => {
  await using rig = await Rig.create({ config: { checks: { mine: { command: ["true"] } }, validate: ["mine"] } });
  rig.script({ a: [write("a.txt", "A\n")] });
  rig.commit({ ".forkjoin.yaml": "validate: []\nmax_parallel: 64\nfailure_handling: stop_on_failure\n" }, "Choices");
  const done = await rig.run(rig.tasks({ id: "a" }));
  expect(done.report.validation.checks.map(({ check }) => check)).toEqual(["mine"]);
  for (const [text, told] of [
    ["default_agent: nobody", 'agent "nobody" is not configured'],
    ["max_parallel: 0", ".forkjoin.yaml: max_parallel"],
    ["knowledge: { graph: /etc/passwd }", "knowledge belongs into the operator's configuration"],
    ["- a list", "is no YAML mapping"],
  ] as const) {
    rig.place(".forkjoin.yaml", text);
    rig.photograph();
    const bad = await rig.run(rig.tasks({ id: "a" }));
    expect([bad.code, bad.failure.message]).toEqual([2, expect.stringContaining(told)]);
  }
  expect((await rig.cli(["trust", "--repo", rig.folder])).code).toBe(2);
});
