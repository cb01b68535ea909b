/** "Integration with Other ADWs" and "Parallel bug fixing" of the specification, letter by letter, with real agent processes. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, handBack, hold, type Step, write } from "../rig/steps.ts";

const THREE_FEATURES = `# Execute multiple feature developments in parallel
orchestration:
  workflow: 201_ADW_FEATURE_DEVELOPMENT
  instances:
    - feature: "Add dark mode"
      branch: "feature/dark-mode"
    - feature: "Add notifications"
      branch: "feature/notifications"
    - feature: "Add export"
      branch: "feature/export"
  parallel: true
  sync_point: "after_phase_3"  # Sync after implementation
`;

const IDS = ["dark-mode", "notifications", "export"];
const CHECK = { checks: { test: { command: ["node", "test.cjs"] } }, validate: ["test"] };
const GREEN = { "test.cjs": "" };

/** Research, plan, build one file, verify, document: by instance. */
function feature(id: string, steps: Record<string, Step[]> = {}): Record<string, Step[]> {
  const plan = { notes: `design of ${id}`, tasks: [{ description: `Add ${id}`, files: [`src/${id}.js`] }] };
  const docs = [{ description: `Document ${id}`, files: [`docs/${id}.md`] }];
  return {
    [`${id}.research`]: [handBack(`findings about ${id}`)],
    [`${id}.planning`]: [handBack(plan)],
    [`${id}.execution.1`]: [write(`src/${id}.js`, `// ${id}\n`)],
    [`${id}.verification`]: [handBack({ notes: "seen", passed: true, tasks: docs })],
    [`${id}.documentation.1`]: [write(`docs/${id}.md`, `# ${id}\n`)],
    ...steps,
  };
}

function batches(rig: Rig): string[][] {
  const starts = rig.startedAgents.map((line) => line.split(" ")[0] ?? "");
  const groups: string[][] = [];
  for (const task of starts) {
    const phase = task.split(".")[1];
    const last = groups.at(-1);
    if (last?.[0]?.split(".")[1] === phase) last?.push(task);
    else groups.push([task]);
  }
  return groups.map((group) => group.sort());
}

// Fifteen agent processes a test: a loaded machine needs its time.
const TIME = { timeout: 300_000 };

describe("Integration with Other ADWs: three features of 201_ADW_FEATURE_DEVELOPMENT", TIME, () => {
  test("every phase of all three runs at once, they meet after phase 3, and each has its branch", async () => {
    await using rig = await Rig.create({ files: GREEN, config: CHECK });
    const steps = Object.assign({}, ...IDS.map((id) => feature(id)));
    rig.script({ ...steps, "dark-mode.research": [hold, handBack("findings about dark-mode")] });
    const started = rig.startRun(rig.file("orchestration.yaml", THREE_FEATURES));
    const held = await rig.control.held("dark-mode.research");
    held.release();
    const { report, code } = await started.done;
    expect(report).toMatchObject({ final_status: "success", workflow_id: "201_ADW_FEATURE_DEVELOPMENT" });
    expect(code).toBe(0);
    const phases = ["research", "planning", "execution.1", "verification", "documentation.1"];
    expect(batches(rig)).toEqual(phases.map((phase) => IDS.map((id) => `${id}.${phase}`).sort()));
    expect(report.instances?.map(({ id, status, branch }) => [id, status, branch])).toEqual(
      IDS.map((id) => [id, "success", `forkjoin/instances/${report.run_id}/feature/${id}`]),
    );
    for (const id of IDS) {
      expect(rig.show(report.branch ?? "", `docs/${id}.md`)).toBe(`# ${id}\n`);
      const own = rig.git("diff", "--name-only", "main", `forkjoin/instances/${report.run_id}/feature/${id}`);
      expect(own).toBe(`docs/${id}.md\nsrc/${id}.js\n`);
    }
    expect(rig.git("branch", "--list", "feature/*")).toBe("");
    rig.expectNothingLeft();
  });

  seldom("behind the sync point an agent sees the combined state, before it only its own findings", async () => {
    await using rig = await Rig.create({ files: GREEN, config: CHECK });
    const look: Step = { do: "run", command: ["sh", "-c", `ls src > ${rig.folder}/seen.txt`] };
    rig.script({
      ...Object.assign({}, ...IDS.map((id) => feature(id))),
      "export.verification": [look, handBack({ notes: "", passed: true, tasks: [] })],
    });
    const { report } = await rig.run(rig.file("orchestration.yaml", THREE_FEATURES));
    expect(report.final_status).toBe("success");
    expect(readFileSync(`${rig.folder}/seen.txt`, "utf8")).toBe("dark-mode.js\nexport.js\nnotifications.js\n");
    const plan = rig.briefOf("export.planning", 1);
    expect(plan).toContain("findings about export");
    expect(plan).not.toContain("findings about dark-mode");
    expect(report.instances?.at(-1)?.phases.at(-1)).toMatchObject({
      phase_id: "phase_5_documentation",
      status: "skipped",
    });
  });
});

describe("Parallel bug fixing: --workflow 202_ADW_BUG_FIXING --issues", TIME, () => {
  const bug = (id: string, number: number): Record<string, Step[]> => {
    const [source, spec] = [`src/${id}.cjs`, `tests/${id}.cjs`];
    const assertion = `require("node:assert").equal(require("../${source}").value, ${number});\n`;
    return {
      [`${id}.reproduce.scope`]: [handBack({ tasks: [{ description: `Reproduce ${id}`, files: [spec] }] })],
      [`${id}.reproduce.1`]: [write(spec, assertion)],
      [`${id}.root_cause`]: [handBack({ notes: "a zero", tasks: [{ description: `Fix ${id}`, files: [source] }] })],
      [`${id}.fix.1`]: [write(source, `exports.value = ${number};\n`)],
      [`${id}.verify`]: [handBack({ notes: "gone", passed: true, tasks: [] })],
    };
  };
  const bugs = { "issue-101": 101, "issue-102": 102, "issue-103": 103 };
  const files = Object.fromEntries(Object.keys(bugs).map((id) => [`src/${id}.cjs`, "exports.value = 0;\n"]));
  const runAll = 'for (const f of require("node:fs").readdirSync("tests")) require("./tests/" + f);\n';
  const options = {
    files: { ...files, "tests/none.cjs": "", "all.cjs": runAll },
    config: { checks: { test: { command: ["node", "all.cjs"] } }, validate: ["test"] },
  };

  test('"#101,#102,#103": issues through gh, a red test first, then the fix, and Closes #n where asked', async () => {
    await using rig = await Rig.create(options);
    const gh = `#!/bin/sh\n[ "$1 $2 $4 $5" = "issue view --json number,title,body,url" ] || exit 9\necho "{\\"number\\": $3, \\"title\\": \\"Value $3 is zero\\", \\"body\\": \\"It should be $3.\\", \\"url\\": \\"https://example.org/$3\\"}"\n`;
    rig.file("bin/gh", gh, 0o755);
    rig.env.PATH = `${rig.folder}/bin:${process.env.PATH}`;
    rig.script(Object.assign({}, ...Object.entries(bugs).map(([id, number]) => bug(id, number))));
    const asked = ["--workflow", "202_ADW_BUG_FIXING", "--issues", "#101,#102,#103", "--closes-issues"];
    const answer = await rig.cli(["run", ...asked, ...rig.usual, "--json"]);
    expect(answer.stderr).not.toContain("forkjoin:");
    const { report } = answer;
    expect(report).toMatchObject({ final_status: "success", validation: { passed: true } });
    expect(report.instances?.map(({ issue, status }) => [issue, status])).toEqual([
      ["#101", "success"],
      ["#102", "success"],
      ["#103", "success"],
    ]);
    expect(rig.briefOf("issue-101.reproduce.1", 1)).toContain("Value 101 is zero\n\nIt should be 101.");
    expect(rig.briefOf("issue-101.reproduce.1", 1)).toContain("## Checks that must FAIL");
    const messages = rig.git("log", "--format=%B", `main..${report.branch}`);
    for (const number of [101, 102, 103])
      expect(messages.match(new RegExp(`^Closes #${number}$`, "gm"))).toHaveLength(1);
    rig.expectNothingLeft();
  });

  seldom(
    "an issue that cannot be fixed is escalated, its red test is not in the result, and the others land",
    async () => {
      await using rig = await Rig.create(options);
      // The sandbox would refuse the write that is to be found here.
      rig.configure({ sandbox: "off" });
      const steps = Object.assign({}, ...Object.entries(bugs).map(([id, number]) => bug(id, number)));
      rig.script({ ...steps, "issue-102.fix.1": [append("all.cjs", "// I would rather change this\n")] });
      for (const number of Object.values(bugs))
        rig.file(`issues/${number}.md`, `# Value ${number} is zero\n\nWrong.\n`);
      const asked = ["--workflow", "202", "--issues", `${rig.folder}/issues`];
      const answer = await rig.cli(["run", ...asked, ...rig.usual, "--json"]);
      const { report } = answer;
      expect(answer.code).toBe(1);
      expect(report).toMatchObject({ final_status: "partial", validation: { passed: true } });
      expect(report.instances?.map(({ issue, status }) => [issue, status])).toEqual([
        ["#101", "success"],
        ["#102", "escalated"],
        ["#103", "success"],
      ]);
      expect(report.instances?.[1]?.why).toContain("phase_3_fix: scope_violation");
      expect(rig.show(report.branch ?? "", "tests/issue-102.cjs")).toBeUndefined();
      expect(rig.show(report.branch ?? "", "src/issue-103.cjs")).toBe("exports.value = 103;\n");
      expect(rig.show(report.instances?.[1]?.branch ?? "", "tests/issue-102.cjs")).toContain("102");
    },
  );
});
