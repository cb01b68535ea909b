/** The commands around a run: plan, status, report, land, agents, doctor; what they print and what they exit with. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { SANDBOX } from "../rig/sandbox.ts";
import { append, exit, write } from "../rig/steps.ts";

const TWO = [{ id: "a" }, { id: "b", depends_on: ["a"] }];

async function finished(rig: Rig): Promise<string> {
  rig.script({ a: [append("a.txt", "x\n")], b: [append("b.txt", "x | y\n")] });
  return (await rig.run(rig.tasks(...TWO))).report.run_id;
}

describe("plan", () => {
  test("shows batches, critical path and verdict without running anything, and can be carried out later", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")] });
    const args = ["plan", "--tasks", rig.tasks(...TWO), ...rig.usual];
    const text = await rig.cli(args);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain("critical path   a → b (20min)");
    expect(text.stdout).toContain("recommendation  sequential");
    const { json } = await rig.cli([...args, "--json"]);
    expect(json).toMatchObject({ total_batches: 2, batches: [{ tasks: ["a"] }, { tasks: ["b"] }] });
    expect(rig.startedAgents).toEqual([]);
    expect(rig.ownRefs()).toEqual([]);
    const next = `forkjoin resume ${json.run_id}`;
    expect((await rig.cli(["status", String(json.run_id)])).stdout).toContain(`\nnext: ${next}\n`);
    const resumed = await rig.resume(String(json.run_id));
    expect(resumed).toMatchObject({ code: 0, report: { final_status: "success" } });
  });
});

describe("run without --json", () => {
  test("shows the plan, a line per event with its time, the report and the next step", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [[exit(1)], [append("a.txt", "x\n")]] });
    const { code, stdout, stderr } = await rig.cli(["run", "--tasks", rig.tasks({ id: "a" }), ...rig.usual]);
    expect(code).toBe(0);
    for (const line of [
      /^1 task in 1 batch, at most 5 at once$/m,
      /final status {2}success/,
      /take it over: forkjoin land/,
    ])
      expect(stdout).toMatch(line);
    for (const line of [
      /s\] a started$/m,
      /a is tried again: the agent ended/,
      /a started \(attempt 2\)/,
      /sync point/,
    ]) {
      expect(stderr).toMatch(line);
    }
  });
});

describe("report", () => {
  test("is the same report as text, YAML, JSON and Markdown, from another process", async () => {
    await using rig = await Rig.create();
    const id = await finished(rig);
    const report = (await rig.cli(["report", id, "--json"])).report;
    expect(report).toMatchObject({ workflow: "parallel_orchestration", tasks_total: 2, final_status: "success" });
    const yaml = await rig.cli(["report", id, "--format", "yaml"]);
    expect(parse(yaml.stdout)).toEqual({ "##report": report });
    expect(JSON.parse((await rig.cli(["report", id, "--format", "json"])).stdout)).toEqual(report);
    const markdown = await rig.cli(["report", "--format", "markdown"]);
    expect(markdown.stdout).toContain(`# Run ${id}: success`);
    expect(markdown.stdout).toContain("| a | success | 1 |");
    expect((await rig.cli(["report", id])).stdout).toContain("final status  success");
  });
});

describe("status", () => {
  test("lists the runs, and shows one with its tasks", async () => {
    await using rig = await Rig.create();
    expect((await rig.cli(["status"])).stdout).toBe("no runs yet\n");
    const id = await finished(rig);
    expect((await rig.cli(["status"])).stdout).toMatch(new RegExp(`^${id} {2}complete {2}`));
    const one = await rig.cli(["status", id, "--json"]);
    expect(one.json).toMatchObject({ state: "complete", progress: { done: 2, total: 2 }, conflicts: [] });
    expect(one.json.results).toMatchObject({ overall_status: "complete", failures: [], retries: [] });
  });
});

describe("land", () => {
  test("merges the run's branch into the branch that is checked out", async () => {
    await using rig = await Rig.create();
    const id = await finished(rig);
    const landed = await rig.cli(["land", id, "--json"]);
    expect(landed).toMatchObject({ code: 0, json: { run_id: id, into: "main" } });
    expect(rig.git("rev-parse", "main").trim()).toBe(rig.git("rev-parse", `forkjoin/${id}`).trim());
    expect(readFileSync(join(rig.repository, "b.txt"), "utf8")).toBe("b\nx | y\n");
    rig.photograph();
  });

  seldom("makes a merge commit where the branch moved on, also without user.name", async () => {
    await using rig = await Rig.create();
    const id = await finished(rig);
    rig.commit({ "c.txt": "moved on\n" }, "Move on");
    rig.git("config", "--unset", "user.name");
    rig.git("config", "--unset", "user.email");
    rig.git("config", "user.useConfigOnly", "true");
    expect((await rig.cli(["land", id])).code).toBe(0);
    expect(rig.show("main", "a.txt")).toBe("a\nx\n");
    expect(rig.show("main", "c.txt")).toBe("moved on\n");
    rig.photograph();
  });

  seldom("refuses where a file of the result has changes, and leaves it as it is", async () => {
    await using rig = await Rig.create();
    const id = await finished(rig);
    rig.place("a.txt", "mine\n");
    rig.photograph();
    const answer = await rig.cli(["land", id, "--json"]);
    expect(answer).toMatchObject({
      code: 1,
      failure: { code: "dirty_worktree", hint: expect.stringContaining("a.txt") },
    });
  });

  seldom("undoes a merge that conflicts", async () => {
    await using rig = await Rig.create();
    const id = await finished(rig);
    const head = rig.commit({ "a.txt": "other\n" }, "Move on");
    const answer = await rig.cli(["land", id, "--json"]);
    expect(answer).toMatchObject({ code: 1, failure: { code: "merge_conflict", hint: expect.stringContaining(id) } });
    expect(rig.git("status", "--porcelain")).toBe("");
    expect(rig.git("rev-parse", "HEAD").trim()).toBe(head);
    rig.photograph();
  });

  seldom("says when a run has no branch", async () => {
    await using rig = await Rig.create();
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    const answer = await rig.cli(["land", report.run_id, "--json"]);
    expect(answer).toMatchObject({ code: 2, failure: { message: expect.stringContaining("has no branch to land") } });
  });
});

describe("a branch of the run's name that someone else made", () => {
  test("is not touched, and the run says so", async () => {
    await using rig = await Rig.create();
    const run = rig.cli(["plan", "--json", "--tasks", rig.tasks({ id: "a" }), ...rig.usual]);
    const id = String((await run).json.run_id);
    rig.git("branch", `forkjoin/${id}`, "main~1");
    rig.script({ a: [write("a.txt", "x\n")] });
    const answer = await rig.resume(id);
    expect(answer).toMatchObject({ code: 1, failure: { code: "branch_moved" } });
    expect(rig.git("rev-parse", `forkjoin/${id}`)).toBe(rig.git("rev-parse", "main~1"));
  });
});

describe("agents and doctor", () => {
  test("say what can be used here and what is missing", async () => {
    await using rig = await Rig.create();
    rig.configure({
      agents: { ghost: { command: ["no-such-program"] }, node: { command: ["node"] } },
      default_agent: "node",
    });
    const { json } = await rig.cli(["agents", "--json", "--config", rig.configFile]);
    expect(json.agents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "ghost", what: "no-such-program", available: false, is_default: false }),
        expect.objectContaining({ name: "node", what: "node", available: true, is_default: true }),
      ]),
    );
    const doctor = await rig.cli(["doctor", "--repo", rig.repository, "--config", rig.configFile, "--json"]);
    expect(doctor).toMatchObject({ code: 0 });
    const findings = ["repository", "state", "sandbox", "limits"].map((what) => ({ what }));
    expect(doctor.json).toMatchObject({ findings });
    const nowhere = await rig.cli(["doctor", "--repo", rig.folder, "--json"]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.json.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ what: "repository", ok: false })]),
    );
  });
});

test.skipIf(!SANDBOX.works)(
  "an agent that the sandbox hides is named by agents and doctor as at the start",
  async () => {
    await using rig = await Rig.create();
    const program = join(rig.home, "bin", "agent");
    mkdirSync(join(rig.home, "bin"), { recursive: true });
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    rig.configure({ agents: { low: { command: [program] } }, default_agent: "low" });
    const words = expect.stringMatching(/hidden by the sandbox: move it .* add `show: \[FOLDER\]`/);
    const { json } = await rig.cli(["agents", "--json", "--config", rig.configFile]);
    expect(json.agents).toContainEqual(expect.objectContaining({ name: "low", available: false, hidden: words }));
    const doctor = ["doctor", "--repo", rig.repository, "--config", rig.configFile, "--json"];
    const found = await rig.cli(doctor);
    expect(found.json.findings).toContainEqual({ what: "agent low", ok: false, says: words });
    rig.configure({ limits: { processes: "many" } });
    const wrong = await rig.cli(doctor);
    expect(wrong.code).toBe(1);
    const says = expect.stringContaining('limits.processes is "many": must be a whole number');
    expect(wrong.json.findings).toContainEqual({ what: "configuration", ok: false, says });
  },
);
