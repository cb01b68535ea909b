/** Tasks that pass alone and fail together: the culprit and its partner named, the rest landed, one more attempt, and nobody blamed wrongly. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, exit, type Step } from "../rig/steps.ts";

const IDS = ["a", "b", "c", "d", "e"];
const FILES = Object.fromEntries(IDS.map((id) => [`${id}.txt`, `${id}\n`]));
const x = (id: string): Step => append(`${id}.txt`, "x\n");
const SCRIPT = Object.fromEntries(IDS.map((id) => [id, [x(id)]]));

/** The checks write down what they tested, beside the rig: a sandbox would not let them. */
const UNBOXED = { sandbox: "off" };

/** A check that fails when all of `together` have an x, and notes each of its runs in a log. */
async function clashing(together: string[], config: Record<string, unknown> = {}): Promise<Rig> {
  const rig = await Rig.create({ files: FILES, config: UNBOXED });
  const found = together.map((id) => `grep -q x ${id}.txt`).join(" && ");
  const script = rig.file(
    "check.sh",
    `cat [a-e].txt | tr -d '\\n' >> ${rig.folder}/runs.log; echo >> ${rig.folder}/runs.log
if ${found}; then echo 'they do not go together'; exit 1; fi\n`,
  );
  rig.configure({ checks: { apart: { command: ["sh", script] } }, validate: ["apart"], ...config });
  rig.script(SCRIPT);
  return rig;
}

/** The states that were tested, in order, as the contents of all files in a row. */
function testedStates(rig: Rig): string[] {
  return readFileSync(`${rig.folder}/runs.log`, "utf8").trim().split("\n");
}

describe("a combination that fails", () => {
  test("names the culprit and whom it clashes with, gives it one more attempt, and lands the rest", async () => {
    await using rig = await clashing(["b", "d"]);
    const { code, report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 4, tasks_failed: 1 });
    expect(report.validation).toMatchObject({
      passed: true,
      culprits: [{ task_id: "d", with: ["b"], check: "apart", output: "they do not go together\n", repaired: false }],
      flaky: [],
      base_failed: [],
    });
    expect(report.branch).toBe(`forkjoin/${report.run_id}`);
    for (const id of IDS)
      expect(rig.show(`forkjoin/${report.run_id}`, `${id}.txt`)).toBe(`${id}\n${id === "d" ? "" : "x\n"}`);
    expect(report.tasks.find((task) => task.task_id === "d")).toMatchObject({
      status: "failed",
      attempts: 2,
      error: { code: "validation_failed", message: expect.stringContaining("breaks check apart together with b") },
    });
    expect(report.loss).toMatchObject({ hunks: 5, accounted: 5, dropped: [{ task_id: "d", path: "d.txt" }] });
    expect(rig.briefOf("d", 2)).toContain("together with what b changed");
    expect(rig.briefOf("d", 2)).toContain("they do not go together");
    expect(rig.startedAgents).toHaveLength(6);
  });

  seldom("is a success when the second attempt of the culprit, on top of what passes, passes too", async () => {
    await using rig = await clashing(["b", "d"]);
    rig.script({ ...SCRIPT, d: [[x("d")], [append("d.txt", "y\n")]] });
    const { code, report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(code).toBe(0);
    expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 5 });
    expect(report.validation.culprits).toMatchObject([{ task_id: "d", with: ["b"], repaired: true }]);
    expect(rig.show(report.commit, "d.txt")).toBe("d\ny\n");
    const landed = rig.git(
      "log",
      "--reverse",
      "--format=%(trailers:key=Forkjoin-Task,valueonly)",
      `main..${report.commit}`,
    );
    expect(landed.split("\n").filter((line) => line !== "")).toEqual(["a", "b", "c", "e", "d"]);
  });

  seldom("takes what builds on a culprit out with it, and back in when it is repaired", async () => {
    await using rig = await clashing(["a", "b"]);
    const tasks = [{ id: "a" }, { id: "b" }, { id: "c", depends_on: ["b"] }, { id: "d" }];
    const left = await rig.run(rig.tasks(...tasks));
    expect(left.report).toMatchObject({
      final_status: "partial",
      tasks_succeeded: 2,
      tasks_failed: 1,
      tasks_skipped: 1,
    });
    expect(left.report.validation.set_aside).toEqual([{ task_id: "c", why: expect.stringContaining("builds on b") }]);
    expect(rig.show(left.report.commit, "c.txt")).toBe("c\n");
    rig.script({ ...SCRIPT, b: [[x("b")], [append("b.txt", "y\n")]] });
    const { report } = await rig.run(rig.tasks(...tasks));
    expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 4 });
    expect(["a", "b", "c", "d"].map((id) => rig.show(report.commit, `${id}.txt`))).toEqual([
      "a\nx\n",
      "b\ny\n",
      "c\nx\n",
      "d\nx\n",
    ]);
  });

  seldom("sets aside a task that fails by itself, with no partner", async () => {
    await using rig = await clashing(["c"]);
    const { report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(report.validation.culprits).toMatchObject([{ task_id: "c", with: [] }]);
    expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 4 });
  });

  seldom("names all three when only three together fail", async () => {
    await using rig = await clashing(["a", "c", "e"]);
    const { report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(report.validation.culprits).toMatchObject([{ task_id: "e", with: ["a", "c"] }]);
  });

  seldom("stops at the number of runs it was given, lands what passes, and says what it did not come to", async () => {
    await using rig = await clashing(["d", "e"], { culprit_search: { parallel: 1, max_runs: 4 } });
    const { report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(report).toMatchObject({ final_status: "partial", validation: { passed: true, culprits: [] } });
    expect(report.validation.set_aside.length).toBeGreaterThan(0);
    expect(report.validation.set_aside[0]?.why).toContain("ended before it came to this task");
  });
});

describe("nobody is blamed", () => {
  seldom("for what fails on the base already: the run stops and says so", async () => {
    await using rig = await Rig.create({ files: FILES, config: UNBOXED });
    rig.configure({ checks: { broken: { command: ["false"] } }, validate: ["broken"] });
    rig.script(SCRIPT);
    const { code, report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(code).toBe(1);
    expect(report).toMatchObject({ final_status: "failed", branch: null, tasks_succeeded: 5 });
    expect(report.validation).toMatchObject({ passed: false, culprits: [], base_failed: ["broken"] });
    expect(report.summary).toContain("on the base commit: nobody is to blame");
    expect(rig.startedAgents).toHaveLength(5);
  });

  test("for a check that fails once and then passes on the same state", async () => {
    await using rig = await Rig.create({ files: FILES, config: UNBOXED });
    const seen = `${rig.folder}/seen`;
    const script = rig.file("flaky.sh", `if [ -e ${seen} ]; then exit 0; fi; touch ${seen}; exit 1\n`);
    rig.configure({ checks: { flaky: { command: ["sh", script] } }, validate: ["flaky"] });
    rig.script(SCRIPT);
    const { code, report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(code).toBe(0);
    expect(report.validation).toMatchObject({ passed: true, culprits: [], flaky: ["flaky"] });
  });

  seldom(
    "when the agent of the second attempt fails: the task stays out, and the run is not worse for it",
    async () => {
      await using rig = await clashing(["b", "d"]);
      rig.script({ ...SCRIPT, d: [[x("d")], [exit(1)]] });
      const { report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
      expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 4, validation: { passed: true } });
      expect(rig.startedAgents.filter((line) => line.startsWith("d "))).toEqual(["d 1", "d 2"]);
    },
  );
});

seldom("no state is tested more than three times, and more than once only what a claim rests on", async () => {
  await using rig = await clashing(["b", "d"], { culprit_search: { parallel: 1 } });
  await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
  const states = testedStates(rig);
  const times = [...new Set(states)].map((state) => states.filter((other) => other === state).length);
  expect(Math.max(...times)).toBe(3);
  expect(times.filter((count) => count > 1).length).toBeLessThanOrEqual(4);
});

describe("checks that do not fail for one task's sake", () => {
  seldom(
    "a check that fails now and then, on the base as well, blames nobody: the whole passes in the end",
    async () => {
      await using rig = await Rig.create({ files: FILES, config: UNBOXED });
      const log = `${rig.folder}/verdicts`;
      const script = rig.file(
        "now-and-then.sh",
        `n=$(cat ${log} 2>/dev/null | wc -l); echo x >> ${log}; case $n in 0|1|2|4) exit 1;; esac\n`,
      );
      const search = { parallel: 1 };
      rig.configure({ checks: { moody: { command: ["sh", script] } }, validate: ["moody"], culprit_search: search });
      rig.script(SCRIPT);
      const { code, report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
      expect(code).toBe(0);
      expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 5 });
      expect(report.validation).toMatchObject({ passed: true, culprits: [], base_failed: [], flaky: ["moody"] });
    },
  );

  seldom(
    "two tasks that pass only together land together, and only the one that fails anyway is left out",
    async () => {
      await using rig = await Rig.create({ files: FILES, config: UNBOXED });
      const script = rig.file(
        "pair.sh",
        `if grep -q x b.txt; then echo 'b is broken'; exit 1; fi
if grep -q x a.txt; then grep -q x c.txt || exit 1; else ! grep -q x c.txt || exit 1; fi\n`,
      );
      rig.configure({ checks: { pair: { command: ["sh", script] } }, validate: ["pair"] });
      rig.script(SCRIPT);
      const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }, { id: "c" }));
      expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 2, validation: { passed: true } });
      expect(report.validation.culprits).toMatchObject([{ task_id: "b", with: [], repaired: false }]);
      expect(["a", "b", "c"].map((id) => rig.show(report.commit, `${id}.txt`))).toEqual(["a\nx\n", "b\n", "c\nx\n"]);
    },
  );

  seldom("a test that fails alone and passes in company is searched with the whole suite", async () => {
    const tests = { "one_test.py": "", "two_test.py": "" };
    await using rig = await Rig.create({ files: { ...FILES, ...tests }, config: UNBOXED });
    const script = rig.file(
      "bin/pytest",
      `#!/bin/sh
failed() { echo "FAILED two_test.py::test_two - $1"; exit 1; }
if [ "$1" = two_test.py ]; then failed 'one_test.py did not run before'; fi
if grep -q x d.txt; then failed 'd is broken'; fi\n`,
      0o755,
    );
    rig.configure({ checks: { suite: { command: [script] } }, validate: ["suite"] });
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...IDS.map((id) => ({ id }))));
    expect(report).toMatchObject({ final_status: "partial", tasks_succeeded: 4, validation: { base_failed: [] } });
    expect(report.validation.culprits).toMatchObject([
      { task_id: "d", with: [], output: expect.stringContaining("d is broken") },
    ]);
  });
});
