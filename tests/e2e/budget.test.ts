/** Budgets as admission control: agents that report what they cost, over the real command line. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";

/** Stands where claude would and says what claude says: each attempt costs a dollar and 1,000 tokens. */
const AGENT = `#!/usr/bin/env node
const { writeFileSync } = require("node:fs");
const task = process.env.FORKJOIN_TASK_ID;
writeFileSync(task === "bad" ? "elsewhere.txt" : task + ".txt", "done by " + task + "\\n");
const usage = { input_tokens: 900, output_tokens: 100 };
console.log(JSON.stringify({ type: "result", subtype: "success", is_error: false, result: "Done.", total_cost_usd: 1, usage }));
`;

async function paidRig(budget: unknown): Promise<Rig> {
  const config = { agents: { claude: { preset: "claude" } }, default_agent: "claude", budget };
  const rig = await Rig.create({ config });
  const bin = join(rig.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), AGENT);
  chmodSync(join(bin, "claude"), 0o755);
  rig.env.PATH = `${bin}${delimiter}${process.env.PATH}`;
  return rig;
}

seldom(
  "at the run's cap nothing new starts, what was done lands, and a raised budget goes on with the rest",
  async () => {
    await using rig = await paidRig({ run: { cost_usd: 2 } });
    const tasks = ["a", "b", "c", "d"].map((id) => ({ id }));
    const done = await rig.run(rig.tasks(...tasks), "--max-parallel", "1");
    expect(done.code).toBe(1);
    expect(done.report).toMatchObject({ final_status: "partial", tasks_succeeded: 2, cost: { cost_usd: 2 } });
    expect(done.report.tasks.map(({ status, error }) => [status, error?.code])).toEqual([
      ["success", undefined],
      ["success", undefined],
      ["skipped", "budget_spent"],
      ["skipped", "budget_spent"],
    ]);
    expect(done.report.tasks[2]?.error?.message).toBe("the run's budget is spent: 2.00 of 2 USD");
    expect(done.report.tasks[0]?.usage).toEqual({ input_tokens: 900, output_tokens: 100, cost_usd: 1 });
    expect(rig.show(done.report.branch ?? "", "b.txt")).toBe("done by b\n");
    const shown = await rig.cli(["report", done.report.run_id]);
    expect(shown.stdout).toMatch(/^a +success .*900 in, 100 out, 1\.00 USD/m);
    rig.configure({ budget: { run: { cost_usd: 10 } } });
    const rest = await rig.resume(done.report.run_id);
    expect(rest.report).toMatchObject({ final_status: "success", tasks_succeeded: 4, cost: { cost_usd: 4 } });
  },
);

seldom("tokens and wall time are caps too", async () => {
  await using rig = await paidRig({ run: { tokens: 1_500 } });
  const tasks = rig.tasks({ id: "a" }, { id: "b" }, { id: "c" });
  const tokens = await rig.run(tasks, "--max-parallel", "1");
  expect(tokens.report.tasks.map((task) => task.status)).toEqual(["success", "success", "skipped"]);
  expect(tokens.report.tasks[2]?.error?.message).toBe("the run's budget is spent: 2000 of 1500 tokens");
  rig.configure({ budget: { run: { wall: "1ms" } } });
  const wall = await rig.run(tasks, "--max-parallel", "1");
  expect(wall.report.tasks.map((task) => task.status)).toEqual(["success", "skipped", "skipped"]);
  expect(wall.report.tasks[1]?.error?.message).toMatch(/^the run's budget is spent: .* of 1ms$/);
});

test("a task that has cost its cap is not tried again, and says so with its last failure", async () => {
  await using rig = await paidRig({ task: { cost_usd: 2 } });
  const done = await rig.run(rig.tasks({ id: "a" }, { id: "bad" }));
  expect(done.report.tasks).toMatchObject([
    { task_id: "a", status: "success", attempts: 1 },
    { task_id: "bad", status: "failed", attempts: 2, error: { code: "budget_spent" } },
  ]);
  expect(done.report.tasks[1]?.error?.message).toMatch(
    /^changed what it may not: elsewhere\.txt .*; not tried again: the task's budget is spent: 2\.00 of 2 USD$/,
  );
});

test("a budget that cannot be one is refused before anything starts", async () => {
  await using rig = await paidRig({ run: { cost_usd: 0 } });
  const bad = await rig.run(rig.tasks({ id: "a" }));
  expect(bad.code).toBe(2);
  expect(bad.failure).toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("budget.run.cost_usd"),
  });
});
