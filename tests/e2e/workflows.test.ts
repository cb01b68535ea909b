/** Workflows with real processes: access held per phase, declarations judged, culprits and crashes, bad input, and the chat client's way. */
import { expect, test } from "vitest";
import { ChatClient } from "../mcp/mcp-client.ts";
import { seldom } from "../rig/extent.ts";
import { Rig, type RigOptions } from "../rig/rig.ts";
import { handBack, hold, type Step, write } from "../rig/steps.ts";

/** Plan, write, meet, look: as short as a workflow with everything in it can be. */
const TINY = `id: 900_TINY
name: tiny
description: Plan, write, look
failure_handling: stop_and_rollback
sync_point: after_phase_2
phases:
  - { id: phase_1_plan, name: Plan, access: read_only, outputs: [notes, tasks], instructions: Plan it. }
  - { id: phase_2_write, name: Write, access: write, scope: { from: phase_1_plan }, instructions: Write it. }
  - { id: phase_3_look, name: Look, access: read_only, outputs: [passed], instructions: Look at it. }
`;

async function tinyRig(options: RigOptions = {}): Promise<Rig> {
  const rig = await Rig.create(options);
  rig.file("configuration/forkjoin/workflows/900-tiny.yaml", TINY);
  rig.env.XDG_CONFIG_HOME = `${rig.folder}/configuration`;
  return rig;
}

function tiny(rig: Rig, ids: string[], part: Record<string, unknown> = {}): string {
  const instances = ids.map((id) => ({ feature: `Do ${id}`, id }));
  return rig.file("tiny.yaml", JSON.stringify({ orchestration: { workflow: "tiny", instances, ...part } }));
}

// Many agent processes a test: a loaded machine needs its time.
const TIME = { timeout: 300_000 };

/** What the three agents of an instance do, unless said otherwise. */
function steps(id: string, over: Record<string, Step[] | Step[][]> = {}): Record<string, Step[] | Step[][]> {
  return {
    [`${id}.plan`]: [
      handBack({ notes: `plan of ${id}`, tasks: [{ description: `Write ${id}`, files: [`${id}.cjs`] }] }),
    ],
    [`${id}.write.1`]: [write(`${id}.cjs`, `exports.${id} = 1;\n`)],
    [`${id}.look`]: [handBack({ passed: true })],
    ...over,
  };
}

const statuses = (report: { instances?: { id: string; status: string }[] | undefined }): Record<string, string> =>
  Object.fromEntries((report.instances ?? []).map(({ id, status }) => [id, status]));

seldom(
  "prose instead of a scope is told once, a reading phase that writes is a violation: each costs its own instance alone",
  TIME,
  async () => {
    await using rig = await tinyRig();
    rig.script({
      ...steps("good"),
      ...steps("prose", { "prose.plan": [handBack("I would write prose.cjs.")] }),
      ...steps("vague", {
        "vague.plan": [handBack({ notes: "", tasks: [{ description: "Write", files: ["src"], command: ["sh"] }] })],
      }),
      ...steps("writer", { "writer.plan": [write("planned.md", "# Plan\n"), handBack({ notes: "", tasks: [] })] }),
      ...steps("redo", {
        "redo.plan": [
          [handBack({ notes: "", tasks: [{ description: "Write", files: ["../redo.cjs"] }] })],
          [handBack({ notes: "", tasks: [{ description: "Write redo", files: ["redo.cjs"] }] })],
        ],
      }),
    });
    const { report, code } = await rig.run(tiny(rig, ["good", "prose", "vague", "writer", "redo"]));
    expect(code).toBe(1);
    expect(statuses(report)).toEqual({
      ...{ good: "success", redo: "success" },
      ...{ prose: "rolled_back", vague: "rolled_back", writer: "rolled_back" },
    });
    const why = Object.fromEntries((report.instances ?? []).map((one) => [one.id, one.why]));
    expect(why.prose).toContain("phase_1_plan: invalid_output: prose was handed back");
    expect(why.vague).toContain("invalid_output: tasks[0]");
    expect(why.writer).toContain(
      "scope_violation: changed what it may not: planned.md (created under read_only access)",
    );
    expect(report.tasks.filter((task) => task.error?.code === "invalid_output").map((task) => task.attempts)).toEqual([
      2, 2,
    ]);
    expect(rig.briefOf("prose.plan", 2)).toContain("prose was handed back");
    expect(rig.briefOf("redo.plan", 2)).toContain("leaves the repository");
    expect(rig.startedAgents.filter((line) => /^(prose|vague|writer)\.(write|look)/.test(line))).toEqual([]);
    expect(rig.briefOf("good.look", 1)).not.toContain("planned.md");
    expect(rig.git("diff", "--name-only", "main", report.branch ?? "")).toBe("good.cjs\nredo.cjs\n");
    rig.expectNothingLeft();
  },
);

seldom(
  "at the sync point the instance that breaks the others is found and rolled back; the rest meets and goes on",
  TIME,
  async () => {
    const all =
      'for (const f of ["a", "b", "c"]) { try { require(`./${f}.cjs`); } catch (e) { if (e.code !== "MODULE_NOT_FOUND") throw e; } }\n';
    const config = { checks: { test: { command: ["node", "all.cjs"] } }, validate: ["test"] };
    await using rig = await tinyRig({ files: { "all.cjs": all }, config });
    const breaks = write("b.cjs", "throw new Error('b is broken');\n");
    rig.script({ ...steps("a"), ...steps("b", { "b.write.1": [breaks] }), ...steps("c") });
    const { report } = await rig.run(tiny(rig, ["a", "b", "c"]));
    expect(statuses(report)).toEqual({ a: "success", b: "rolled_back", c: "success" });
    expect(report).toMatchObject({ final_status: "partial", validation: { passed: true } });
    expect(report.instances?.[1]?.why).toContain("validation_failed");
    expect(rig.git("diff", "--name-only", "main", report.branch ?? "")).toBe("a.cjs\nc.cjs\n");
    expect(rig.startedAgents.filter((line) => line.includes("look")).sort()).toEqual(["a.look 1", "c.look 1"]);
  },
);

seldom("killed in the middle of a phase and resumed, it ends as if nothing had happened", TIME, async () => {
  await using rig = await tinyRig();
  rig.script({ ...steps("a"), ...steps("b", { "b.write.1": [hold, write("b.cjs", "exports.b = 1;\n")] }) });
  const file = tiny(rig, ["a", "b"]);
  const started = rig.startRun(file);
  const runId = await started.runId();
  await rig.control.held("b.write.1");
  started.kill("SIGKILL");
  await started.done;
  rig.script({ ...steps("a"), ...steps("b") });
  const { report } = await rig.resume(runId);
  expect(report.final_status).toBe("success");
  expect(statuses(report)).toEqual({ a: "success", b: "success" });
  expect(rig.startedAgents.filter((line) => line.startsWith("a.plan"))).toEqual(["a.plan 1"]);
  const fresh = await rig.run(file);
  const tree = (branch: string | null): string => rig.git("rev-parse", `${branch}^{tree}`);
  expect(tree(report.branch)).toBe(tree(fresh.report.branch));
  rig.expectNothingLeft();
});

seldom("bad input is named with its cure, and nothing is started", TIME, async () => {
  await using rig = await tinyRig();
  rig.file(
    "configuration/forkjoin/workflows/901-circle.yaml",
    TINY.replace("900_TINY", "901_CIRCLE").replace("{ id: phase_1_plan,", "{ id: phase_1_plan, gates: [phase_3_look],"),
  );
  const ask = async (...args: string[]) => (await rig.cli(["run", ...args, ...rig.usual, "--json"])).failure;
  expect(await ask("--workflow", "999", "--request", "x")).toMatchObject({
    code: "unknown_workflow",
    hint: expect.stringContaining("900_TINY (tiny)"),
  });
  expect(await ask("--workflow", "901", "--request", "x")).toMatchObject({
    code: "invalid_workflow",
    message: expect.stringContaining("gates form a circle"),
  });
  expect(await ask("--workflow", "tiny")).toMatchObject({ message: "--workflow has no instances" });
  expect(await ask("--workflow", "tiny", "--issues", "none.md")).toMatchObject({
    code: "unknown_issue",
    message: expect.stringContaining("none.md"),
  });
  expect(await ask("--workflow", "tiny", "--request", "x", "--sync-point", "after_phase_9")).toMatchObject({
    message: expect.stringContaining("it has after_phase_1, after_phase_2, after_phase_3"),
  });
  expect(await ask("--tasks", tiny(rig, ["a"], { instances: [{ branch: "x" }] }))).toMatchObject({
    message: expect.stringContaining("exactly one of feature, bug, issue and target"),
  });
  expect(await ask("--workflow", "100", "--request", "x")).toMatchObject({
    message: expect.stringContaining("has no target"),
  });
  expect(rig.startedAgents).toEqual([]);
  expect(await rig.cli(["status", "--json"])).toMatchObject({ code: 0, json: { runs: [] } });
});

test("a chat client hands over the workflow once and executes until it is over", TIME, async () => {
  await using rig = await tinyRig();
  rig.script(steps("a"));
  await using chat = await ChatClient.connect(rig);
  const workflow = { id: "tiny", instances: [{ feature: "Do a", id: "a" }] };
  const unknown = await chat.call("decompose_work", { request: "x", workflow: { ...workflow, id: "nope" } });
  expect(unknown.error).toMatchObject({ code: "unknown_workflow" });
  const outside = await chat.call("decompose_work", {
    request: "x",
    workflow: { id: "tiny", issues: ["../config.yaml"] },
  });
  expect(outside.error?.message).toContain("not in the repository");
  const { run_id } = await chat.call("decompose_work", { request: "Do a", workflow });
  await chat.call("analyze_dependencies", { run_id });
  expect(await chat.call("plan_batches", { run_id })).toMatchObject({ batches: [{ tasks: ["a.plan"] }] });
  for (let batch = 1; batch <= 3; batch++)
    await chat.call("execute_batch", { run_id, batch_id: batch, wait_seconds: 45 });
  await chat.call("aggregate_results", { run_id });
  const done = await chat.call("get_run", { run_id, include: ["report"], wait_seconds: 45 });
  expect(done).toMatchObject({ report: { instances: [{ id: "a", status: "success" }] } });
});

test("the prompts know their arguments, and complete them", TIME, async () => {
  await using rig = await tinyRig({ files: { "docs/api/a.md": "# A\n", "docs/cli.md": "# CLI\n", "src/a.js": "" } });
  await using chat = await ChatClient.connect(rig);
  const { prompts } = await chat.client.listPrompts();
  expect(prompts.map((prompt) => prompt.name)).toEqual([
    "parallel_orchestration",
    "feature_development",
    "bug_fixing",
    "doc_sync",
  ]);
  const text = async (name: string, args: Record<string, string>) =>
    JSON.stringify(await chat.client.getPrompt({ name, arguments: args }));
  expect(await text("bug_fixing", { issues: "#101, #102" })).toContain('\\"#101\\",\\n      \\"#102\\"');
  expect(await text("feature_development", { features: "Dark mode; Export", sync_point: "none" })).toContain(
    '\\"feature\\": \\"Export\\"',
  );
  expect(await text("doc_sync", { targets: "docs/**" })).toContain("100_ADW_DOC_SYNC_WORKFLOW");
  await expect(text("doc_sync", {})).rejects.toThrow("argument targets is missing");
  const complete = async (name: string, argument: { name: string; value: string }) =>
    (await chat.client.complete({ ref: { type: "ref/prompt", name }, argument })).completion.values;
  expect(await complete("feature_development", { name: "sync_point", value: "after_phase_3" })).toEqual([
    "after_phase_3",
  ]);
  expect(await complete("doc_sync", { name: "targets", value: "docs/cli.md,docs/a" })).toEqual([
    "docs/cli.md,docs/api/**",
    "docs/cli.md,docs/api/a.md",
  ]);
  expect(await complete("bug_fixing", { name: "repo", value: "/" })).toEqual([rig.repository]);
});
