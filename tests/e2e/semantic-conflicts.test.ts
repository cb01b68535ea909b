/** SEMANTIC CONFLICTS: If changes conflict logically — 1. flag for review, 2. present both versions, 3. human decides merge; and what is merged without asking. */
import { describe, expect, test } from "vitest";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { write } from "../rig/steps.ts";

const PRICE = "export function total(items) {\n  return items.length;\n}\n";
const CART = 'import { total } from "./price.js";\n\nexport const cart = (items) => total(items);\n';
const INVOICE = 'import { total } from "./price.js";\n\nexport const invoice = (items) => total(items) * 2;\n';
const FILES = { "src/price.js": PRICE, "src/cart.js": CART, "c.txt": "c\n" };
const RENAME = [
  write("src/price.js", PRICE.replace("total", "netTotal")),
  write("src/cart.js", CART.replaceAll("total", "netTotal")),
];

describe("one task renames what another newly uses", () => {
  const start = async () => {
    const rig = await Rig.create({ files: FILES });
    rig.script({ rename: RENAME, use: [write("src/invoice.js", INVOICE)], other: [write("c.txt", "C\n")] });
    const tasks = rig.tasks(
      { id: "rename", files: ["src/price.js", "src/cart.js"] },
      { id: "use", files: ["src/invoice.js"], category: "creation" },
      { id: "other", files: ["c.txt"] },
    );
    return { rig, answer: await rig.run(tasks) };
  };

  test("1. it is flagged with symbol, place and confidence, 2. with both versions; the rest lands", async () => {
    const { rig, answer } = await start();
    await using _ = rig;
    expect(answer.code).toBe(3);
    const { report } = answer;
    expect(report.conflicts_open).toEqual(["use:src/invoice.js#total"]);
    expect(rig.show(report.commit, "c.txt")).toBe("C\n");
    expect(rig.show(report.commit, "src/invoice.js")).toBeUndefined();
    expect(report.loss.accounted).toBe(report.loss.hunks);
    const shown = await rig.cli(["resolve", report.run_id, "--json"]);
    expect(shown.json.conflicts).toEqual([
      expect.objectContaining({
        ...{ kind: "semantic", path: "src/invoice.js", symbol: "total", line: 3, tasks: ["rename", "use"] },
        ...{ confidence: 0.9, ours: { state: "absent" }, proposal: INVOICE.replaceAll("total", "netTotal") },
        other: expect.objectContaining({
          ...{ kind: "renamed", path: "src/price.js", line: 1, before: PRICE.trimEnd() },
          after: PRICE.replace("total", "netTotal").trimEnd(),
        }),
      }),
    ]);
  });

  seldom("3. the proposal, accepted in an editor, lands", async () => {
    const { rig, answer } = await start();
    await using _ = rig;
    const { run_id } = answer.report;
    rig.env.EDITOR = "true";
    const decided = await rig.cli(["resolve", run_id, "use:src/invoice.js#total", "--edit"]);
    expect(decided).toMatchObject({ code: 0, stdout: `all decided: forkjoin resume ${run_id}\n` });
    const { code, report } = await rig.resume(run_id);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "src/invoice.js")).toBe(INVOICE.replaceAll("total", "netTotal"));
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks });
  });

  test.each<[string, string | undefined, object[]]>(
    few(1, [
      ["ours", undefined, [{ task_id: "use", path: "src/invoice.js", decision: "a person chose ours" }]],
      ["both", INVOICE, []],
    ]),
  )("3. %s is a decision as well", async (choice, content, dropped) => {
    const { rig, answer } = await start();
    await using _ = rig;
    const { run_id } = answer.report;
    await rig.cli(["resolve", run_id, "use:src/invoice.js#total", "--choose", choice]);
    const { code, report } = await rig.resume(run_id);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "src/invoice.js")).toBe(content);
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks, dropped });
  });
});

describe("what is merged beyond git", () => {
  test("is named in the report, and every hunk of it accounted for", async () => {
    const manifest = (dependencies: object): string => `${JSON.stringify({ name: "x", dependencies }, null, 2)}\n`;
    await using rig = await Rig.create({
      files: { "package.json": manifest({ a: "^1.0.0" }) },
      config: { same_file: "optimistic" },
    });
    rig.script({
      a: [write("package.json", manifest({ a: "^1.0.0", b: "^2.0.0" }))],
      b: [write("package.json", manifest({ a: "^1.1.0", c: "^3.0.0" }))],
    });
    const { code, report } = await rig.run(
      rig.tasks({ id: "a", files: ["package.json"] }, { id: "b", files: ["package.json"] }),
    );
    expect(code).toBe(0);
    expect(JSON.parse(rig.show(report.commit, "package.json") ?? "")).toEqual({
      ...{ name: "x", dependencies: { a: "^1.1.0", c: "^3.0.0", b: "^2.0.0" } },
    });
    expect(report.merges).toMatchObject([{ task_id: "b", path: "package.json", by: ["keys"] }]);
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks, dropped: [] });
  });
});

describe("a conflict of text, an editor, and a later run", () => {
  const BOTH = [
    { id: "a", files: ["t.txt"] },
    { id: "b", files: ["t.txt"] },
  ];

  seldom(
    "markers decide nothing; what is saved without them lands, and is remembered for the same conflict",
    async () => {
      await using rig = await Rig.create({ files: { "t.txt": "1\n2\n3\n" }, config: { same_file: "optimistic" } });
      rig.script({ a: [write("t.txt", "1\nA\n3\n")], b: [write("t.txt", "1\nB\n3\n")] });
      const { report } = await rig.run(rig.tasks(...BOTH));
      const edit = () => rig.cli(["resolve", report.run_id, "b:t.txt", "--edit", "--json"]);
      rig.env.EDITOR = "true";
      expect(await edit()).toMatchObject({ code: 2, failure: { message: "t.txt still has conflict markers" } });
      rig.env.EDITOR = "sed -i -e '/^<<<<<<</d' -e '/^|||||||/,/^=======/d' -e '/^>>>>>>>/d'";
      expect((await edit()).code).toBe(0);
      const first = await rig.resume(report.run_id);
      expect(first.code).toBe(0);
      expect(rig.show(first.report.commit, "t.txt")).toBe("1\nA\nB\n3\n");

      const again = await rig.run(rig.tasks(...BOTH));
      expect(again.code).toBe(0);
      expect(rig.show(again.report.commit, "t.txt")).toBe("1\nA\nB\n3\n");
      expect(again.report.merges).toMatchObject([{ task_id: "b", path: "t.txt", by: ["remembered"] }]);
      expect(again.report.loss.dropped.map((drop) => drop.decision)).toContain(
        `a person wrote the merged version in run ${report.run_id}`,
      );
    },
  );
});
