/** Two tasks that meet at one place: what can be joined is judged by the checks, and lands only where they say so. */
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { write } from "../rig/steps.ts";

const BASE = "def one():\n    return 1\n";
const second = (name: string, value = 2): string => `${BASE}\n\ndef ${name}():\n    return ${value}\n`;

/** A check in shell that fails for a file that is not one of Python's, as an interpreter would. */
const READABLE = "! grep -q '<<<<' calc.py || exit 1\n";

async function meeting(check: string | undefined, config: Record<string, unknown> = {}): Promise<Rig> {
  const rig = await Rig.create({ files: { "calc.py": BASE, "notes.txt": "one\n" }, config: { sandbox: "off" } });
  const judged =
    check === undefined
      ? {}
      : { checks: { suite: { command: ["sh", rig.file("check.sh", check)] } }, validate: ["suite"] };
  rig.configure({ same_file: "optimistic", ...judged, ...config });
  rig.script({ a: [write("calc.py", second("two"))], b: [write("calc.py", second("three", 3))] });
  return rig;
}

interface Question {
  proposal?: string;
  why: string;
  candidates?: unknown[];
}

async function questions(rig: Rig, runId: string): Promise<Question[]> {
  const { json } = await rig.cli(["resolve", runId, "--json"]);
  return (json as { conflicts: Question[] }).conflicts;
}

const BOTH = ["a", "b"].map((id) => ({ id, files: ["calc.py"] }));

describe("two functions added at one place", () => {
  test("land together when the checks pass with both and touch the file", async () => {
    await using rig = await meeting(READABLE);
    const { code, report } = await rig.run(rig.tasks(...BOTH));
    expect(report).toMatchObject({ final_status: "success", tasks_succeeded: 2, conflicts_open: [] });
    expect(code).toBe(0);
    expect(report.merges).toMatchObject([
      { task_id: "b", path: "calc.py", by: ["insertions"], verification: "verified", checks: ["suite"] },
    ]);
    expect(report.loss).toMatchObject({ dropped: [] });
    const landed = rig.show(report.commit, "calc.py") ?? "";
    expect(landed.indexOf("def two")).toBeGreaterThan(0);
    expect(landed.indexOf("def three")).toBeGreaterThan(landed.indexOf("def two"));
  });

  seldom("go to a person as a clean proposal when no check touches the file", async () => {
    await using rig = await meeting("grep -q one notes.txt\n");
    const { code, report } = await rig.run(rig.tasks(...BOTH));
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:calc.py"]);
    const [question] = await questions(rig, report.run_id);
    expect(question?.proposal).toContain("def three");
    expect(question?.proposal).not.toContain("<<<<<<<");
    expect(question?.why).toContain("none of them touches calc.py");
  });

  seldom("go to a person with what failed when the checks fail with both, in either order", async () => {
    await using rig = await meeting(
      `${READABLE}grep -q two calc.py && grep -q three calc.py && echo 'two and three' && exit 1\nexit 0\n`,
    );
    const { code, report } = await rig.run(rig.tasks(...BOTH));
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:calc.py"]);
    const [question] = await questions(rig, report.run_id);
    expect(question?.candidates).toMatchObject([
      { by: ["insertions"], passed: false, check: "suite", output: "two and three\n" },
      { by: ["insertions"], passed: false, check: "suite" },
    ]);
  });

  seldom("go to a person without any check, and with a budget of none", async () => {
    for (const [check, config] of [
      [undefined, {}],
      [READABLE, { merge: { candidates: 0 } }],
    ] as const) {
      await using rig = await meeting(check, config);
      const { code, report } = await rig.run(rig.tasks(...BOTH));
      expect(code).toBe(3);
      expect(report.conflicts_open).toEqual(["b:calc.py"]);
    }
  });
});
