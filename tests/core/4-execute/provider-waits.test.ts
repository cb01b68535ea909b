/** Transient failures of the provider: waited for, with pauses that a test replaces, over real processes and a real repository. */
import { expect, test } from "vitest";
import { compose } from "../../../src/compose.ts";
import type { TaskResult } from "../../../src/core/model/batch-results.ts";
import { Orchestrator } from "../../../src/core/orchestrator.ts";
import { Project } from "../../rig/agents/project.ts";

/** Stands where codex would, says what codex says, and meets an overloaded provider in the attempts that are listed. */
const AGENT = `
const { writeFileSync } = require("node:fs");
const attempt = Number(process.env.FORKJOIN_ATTEMPT);
const told = process.argv.at(-1).includes("was not accepted");
const say = (line) => console.log(JSON.stringify(line));
const busy = "BUSY";
if (busy.includes(attempt)) {
  const message = "exceeded retry limit, last status: 429 Too Many Requests";
  say({ type: "error", message });
  say({ type: "turn.failed", error: { message } });
  process.exitCode = 1;
} else {
  if (attempt === GOOD) writeFileSync("a.txt", told ? "told\\n" : "not told\\n");
  say({ type: "turn.completed", usage: { input_tokens: 10, output_tokens: 1 } });
}
`;

async function runWith(
  busy: number[],
  good: number,
): Promise<{ task: TaskResult | undefined; pauses: number[]; text: string | undefined }> {
  using project = new Project({ "a.txt": "1\n" });
  project.program("codex", AGENT.replace('"BUSY"', JSON.stringify(busy)).replace("GOOD", String(good)));
  const before = { FORKJOIN_HOME: process.env.FORKJOIN_HOME, PATH: process.env.PATH };
  Object.assign(process.env, {
    FORKJOIN_HOME: `${project.folder}/state`,
    PATH: `${project.folder}/bin:${before.PATH}`,
  });
  project.configure({ agents: { codex: { preset: "codex" } }, default_agent: "codex" });
  const composed = await compose({ config: `${project.folder}/config.yaml` });
  if (!composed.ok) throw new Error(composed.error.message);
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
  };
  const orchestrator = new Orchestrator({ ...composed.value.orchestrator.ports, sleep: pause });
  const tasks = [{ id: "a", description: "Change a", files: ["a.txt"] }];
  const begun = await orchestrator.decompose({ request: "Work", repo: project.repository, work: { tasks } });
  if (!begun.ok) throw new Error(begun.error.message);
  const { run_id } = begun.value.run;
  await orchestrator.analyze(run_id);
  await orchestrator.plan(run_id);
  await orchestrator.execute(run_id, "all");
  await orchestrator.live.wait(run_id, 60_000);
  await orchestrator.aggregate(run_id, {});
  await orchestrator.live.wait(run_id, 60_000);
  const report = orchestrator.ports.store.artefact(run_id, "report");
  await composed.value.close();
  process.env.PATH = before.PATH;
  if (before.FORKJOIN_HOME === undefined) delete process.env.FORKJOIN_HOME;
  else process.env.FORKJOIN_HOME = before.FORKJOIN_HOME;
  const text = report?.branch ? project.show(report.branch, "a.txt") : undefined;
  return { task: report?.tasks[0], pauses, text };
}

test("an overloaded provider is waited for with doubling pauses, and costs the task none of its retries", async () => {
  const { task, pauses, text } = await runWith([1, 2, 3], 6);
  expect(task).toMatchObject({ status: "success", attempts: 6, usage: { input_tokens: 30, output_tokens: 3 } });
  expect(pauses.map((ms) => Math.floor(Math.log2(ms / 10_000)))).toEqual([0, 1, 2]);
  expect(text).toBe("told\n");
});

test("the attempt after a pause is told nothing about the provider", async () => {
  const { task, text } = await runWith([1], 2);
  expect(task).toMatchObject({ status: "success", attempts: 2 });
  expect(text).toBe("not told\n");
});

test("after five pauses the task has failed, with the provider named as the cause", async () => {
  const { task, pauses } = await runWith([1, 2, 3, 4, 5, 6, 7], 7);
  expect(task).toMatchObject({ status: "failed", attempts: 6, error: { code: "provider_unavailable" } });
  expect(pauses).toHaveLength(5);
});
