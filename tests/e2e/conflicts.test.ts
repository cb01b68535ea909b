/** A conflict and the person who decides it, from other processes than the one that found it. */
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, type Step, write } from "../rig/steps.ts";

const LINE = (text: string): Step[] => [write("text.txt", `1\n${text}\n3\n`)];
const FILES = { "text.txt": "1\n2\n3\n", "c.txt": "c\n", "image.bin": Buffer.from([0, 1]) };
const create = (): Promise<Rig> => Rig.create({ files: FILES, config: { same_file: "optimistic" } });
const BOTH = [
  { id: "a", files: ["text.txt"] },
  { id: "b", files: ["text.txt"] },
];

describe("resolve", () => {
  test("shows both versions, the base and who made them, and exits 3 while something is open", async () => {
    await using rig = await create();
    rig.script({ a: LINE("A"), b: LINE("B") });
    const { report } = await rig.run(rig.tasks(...BOTH));
    const shown = await rig.cli(["resolve", report.run_id, "--json"]);
    expect(shown.code).toBe(3);
    expect(shown.json).toMatchObject({
      conflicts: [
        {
          conflict_id: "b:text.txt",
          path: "text.txt",
          tasks: ["a", "b"],
          ours: { content: "1\nA\n3\n" },
          theirs: { content: "1\nB\n3\n" },
          base: { content: "1\n2\n3\n" },
        },
      ],
    });
    const text = await rig.cli(["resolve", report.run_id]);
    expect(text.stdout).toContain("conflict b:text.txt");
    expect((await rig.cli(["status", report.run_id])).stdout).toContain("awaiting_review");
  });

  test.each<[string, string, object[]]>(
    few(2, [
      ["ours", "1\nA\n3\n", [{ task_id: "b", decision: "a person chose ours" }]],
      ["theirs", "1\nB\n3\n", [{ task_id: "a", decision: "a person chose theirs" }]],
      ["both", "1\nA\nB\n3\n", []],
      ["edited", "1\nAB\n3\n", [{ decision: "a person wrote the merged version" }, {}]],
    ]),
  )("%s, then resume, lands what was chosen", async (choice, content, dropped) => {
    await using rig = await create();
    rig.script({ a: LINE("A"), b: LINE("B") });
    const { report } = await rig.run(rig.tasks(...BOTH));
    const edited = choice === "edited" ? ["--file", rig.file("edited.txt", content)] : [];
    const decided = await rig.cli(["resolve", report.run_id, "b:text.txt", "--choose", choice, ...edited]);
    expect(decided.code).toBe(0);
    const resumed = await rig.resume(report.run_id);
    expect(resumed.code).toBe(0);
    expect(resumed.report).toMatchObject({ final_status: "success", conflicts_open: [], conflicts_resolved: 1 });
    expect(rig.show(`forkjoin/${report.run_id}`, "text.txt")).toBe(content);
    expect(resumed.report.loss).toMatchObject({ accounted: resumed.report.loss.hunks, dropped });
    expect(rig.startedAgents.toSorted()).toEqual(["a 1", "b 1"]);
  });

  test("refuses what it cannot do, with the ids that are open", async () => {
    await using rig = await create();
    const binary = (value: string): Step[] => [write("image.bin", `\0${value}`)];
    rig.script({ a: binary("A"), b: binary("B") });
    const { report } = await rig.run(rig.tasks({ id: "a", files: ["image.bin"] }, { id: "b", files: ["image.bin"] }));
    const choose = (id: string, choice: string) =>
      rig.cli(["resolve", report.run_id, id, "--choose", choice, "--json"]);
    expect(await choose("b:none", "ours")).toMatchObject({
      code: 2,
      failure: { code: "unknown_conflict", hint: "open conflicts: b:image.bin" },
    });
    expect((await choose("b:image.bin", "both")).failure.message).toContain("needs text on both sides");
    expect((await choose("b:image.bin", "edited")).failure.message).toContain("content is missing");
  });
});

describe("a task whose change waits for a person", () => {
  seldom("lets its dependents wait, not fail, and run once it is decided, from the decided state", async () => {
    await using rig = await create();
    rig.script({ a: LINE("A"), b: LINE("B"), c: [append("text.txt", "c\n")] });
    const { code, report } = await rig.run(rig.tasks(...BOTH, { id: "c", files: ["text.txt"], depends_on: ["b"] }));
    expect(code).toBe(3);
    expect(rig.startedAgents).not.toContain("c 1");
    const status = await rig.cli(["status", report.run_id, "--json"]);
    expect(status.json).toMatchObject({ progress: { waiting: [{ task_id: "c", for: ["b:text.txt"] }] } });
    await rig.cli(["resolve", report.run_id, "b:text.txt", "--choose", "theirs"]);
    const resumed = await rig.resume(report.run_id);
    expect(resumed.code).toBe(0);
    expect(resumed.report).toMatchObject({ final_status: "success", tasks_succeeded: 3 });
    expect(rig.show(resumed.report.commit, "text.txt")).toBe("1\nB\n3\nc\n");
  });
});

describe("a decision", () => {
  seldom(
    "counts only for the versions it was about: when an earlier decision changes them, the question is asked again",
    async () => {
      await using rig = await create();
      rig.script({ a: LINE("A"), b: LINE("B"), c: LINE("C") });
      const { report } = await rig.run(rig.tasks(...BOTH, { id: "c", files: ["text.txt"] }));
      expect(report.conflicts_open).toEqual(["b:text.txt", "c:text.txt"]);
      for (const id of report.conflicts_open) await rig.cli(["resolve", report.run_id, id, "--choose", "theirs"]);
      const asked = await rig.resume(report.run_id);
      expect(asked.code).toBe(3);
      const open = await rig.cli(["resolve", report.run_id, "--json"]);
      expect(open.json).toMatchObject({ conflicts: [{ conflict_id: "c:text.txt", ours: { content: "1\nB\n3\n" } }] });
      await rig.cli(["resolve", report.run_id, "c:text.txt", "--choose", "ours"]);
      const done = await rig.resume(report.run_id);
      expect(done.code).toBe(0);
      expect(rig.show(done.report.commit, "text.txt")).toBe("1\nB\n3\n");
    },
  );
});
