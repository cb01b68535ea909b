/** Two tasks that change one place side by side: what each of the five strategies makes of every kind of clash. */
import { describe, expect, test } from "vitest";
import type { Answer } from "../rig/command.ts";
import { Rig } from "../rig/rig.ts";
import { append, chmod, remove, type Step, symlink, write } from "../rig/steps.ts";

const FILES = {
  "text.txt": "1\n2\n3\n",
  "image.bin": Buffer.from([0, 1, 2, 3]),
  "link.txt": "real\n",
  "long.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
};
const bytes = (value: number): Step => write("image.bin", `\0${String.fromCharCode(value)}`);

interface Clash {
  path: string;
  first: Step[];
  second: Step[];
  /** what is at `path` when the first, or the second, wins */
  ours: string | undefined;
  theirs: string | undefined;
}

const CLASHES: [string, Clash][] = [
  [
    "the same line",
    {
      path: "text.txt",
      first: [write("text.txt", "1\nA\n3\n")],
      second: [write("text.txt", "1\nB\n3\n")],
      ours: "1\nA\n3\n",
      theirs: "1\nB\n3\n",
    },
  ],
  [
    "a change and a deletion",
    {
      path: "text.txt",
      first: [append("text.txt", "4\n")],
      second: [remove("text.txt")],
      ours: "1\n2\n3\n4\n",
      theirs: undefined,
    },
  ],
  [
    "a deletion and a change",
    {
      path: "text.txt",
      first: [remove("text.txt")],
      second: [append("text.txt", "4\n")],
      ours: undefined,
      theirs: "1\n2\n3\n4\n",
    },
  ],
  [
    "a new file of the same name",
    {
      path: "new.txt",
      first: [write("new.txt", "A\n")],
      second: [write("new.txt", "B\n")],
      ours: "A\n",
      theirs: "B\n",
    },
  ],
  ["a binary file", { path: "image.bin", first: [bytes(65)], second: [bytes(66)], ours: "\0A", theirs: "\0B" }],
  [
    "a file where the other made a folder",
    { path: "x", first: [write("x/y", "folder\n")], second: [write("x", "file\n")], ours: undefined, theirs: "file\n" },
  ],
  [
    "a folder where the other made a file",
    {
      path: "x/y",
      first: [write("x", "file\n")],
      second: [write("x/y", "folder\n")],
      ours: undefined,
      theirs: "folder\n",
    },
  ],
  [
    "a link to another place",
    {
      path: "link.txt",
      first: [remove("link.txt"), symlink("link.txt", "text.txt")],
      second: [remove("link.txt"), symlink("link.txt", "image.bin")],
      ours: "text.txt",
      theirs: "image.bin",
    },
  ],
];

async function clash(rig: Rig, { first, second }: Pick<Clash, "first" | "second">, strategy: string): Promise<Answer> {
  rig.script({ a: first, b: [...second, write("other.txt", "of b\n")] });
  const tasks = rig.tasks({ id: "a", files: ["**"] }, { id: "b", files: ["**"] });
  const answer = await rig.run(tasks, "--strategy", strategy);
  expect(answer.report.batches_executed).toBe(1);
  return answer;
}

const create = (): Promise<Rig> => Rig.create({ files: FILES, config: { same_file: "optimistic" } });

describe("first_wins", () => {
  test.each(CLASHES)(
    "%s: the earlier task keeps it, the later one is left out whole, and that is named",
    async (_, kind) => {
      await using rig = await create();
      const { code, report } = await clash(rig, kind, "first_wins");
      expect(code).toBe(0);
      expect(rig.show(report.commit, kind.path)).toBe(kind.ours);
      expect(rig.show(report.commit, "other.txt")).toBeUndefined();
      expect(report.loss.accounted).toBe(report.loss.hunks);
      const decision = "first_wins: the earlier task stays";
      expect(report.loss.dropped).toContainEqual({ task_id: "b", path: kind.path, decision });
      expect(report.loss.dropped).toContainEqual({ task_id: "b", path: "other.txt", decision });
    },
  );
});

describe("last_wins", () => {
  test.each(CLASHES)("%s: the later task replaces the earlier one whole, and that is named", async (_, kind) => {
    await using rig = await create();
    const first = [...kind.first, write("own.txt", "of a\n")];
    const { code, report } = await clash(rig, { ...kind, first }, "last_wins");
    expect(code).toBe(0);
    expect(rig.show(report.commit, kind.path)).toBe(kind.theirs);
    expect(rig.show(report.commit, "own.txt")).toBeUndefined();
    expect(rig.show(report.commit, "other.txt")).toBe("of b\n");
    expect(report.loss.accounted).toBe(report.loss.hunks);
    const decision = "last_wins: the later task replaces it";
    expect(report.loss.dropped).toContainEqual({ task_id: "a", path: "own.txt", decision });
  });

  test("takes back only what the losing task changed, not what a third one did", async () => {
    await using rig = await create();
    rig.script({
      a: [write("text.txt", "1\nA\n3\n"), write("own.txt", "of a\n")],
      c: [write("long.txt", "C\n2\n3\n4\n5\n6\n7\n8\n9\n")],
      b: [write("text.txt", "1\nB\n3\n")],
    });
    const tasks = rig.tasks({ id: "a", files: ["**"] }, { id: "c", files: ["**"] }, { id: "b", files: ["**"] });
    const { report } = await rig.run(tasks, "--strategy", "last_wins");
    expect(rig.show(report.commit, "text.txt")).toBe("1\nB\n3\n");
    expect(rig.show(report.commit, "own.txt")).toBeUndefined();
    expect(rig.show(report.commit, "long.txt")).toBe("C\n2\n3\n4\n5\n6\n7\n8\n9\n");
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks });
    expect(new Set(report.loss.dropped.map((drop: { task_id: string }) => drop.task_id))).toEqual(new Set(["a"]));
  });
});

describe("merge.granularity", () => {
  const config = (granularity: string) => ({ same_file: "optimistic", merge: { granularity } });
  const sides = {
    first: [write("long.txt", "1\nA\n3\n4\n5\n6\n7\n8\n9\n")],
    second: [write("long.txt", "1\nB\n3\n4\n5\n6\n7\n8\nlast of b\n")],
  };

  test.each([
    ["first_wins", "1\nA\n3\n4\n5\n6\n7\n8\n9\n", "b", "first_wins: the earlier task's version stays"],
    ["last_wins", "1\nB\n3\n4\n5\n6\n7\n8\nlast of b\n", "a", "last_wins: the later task's version replaces it"],
  ])("file: %s settles the file, the rest of both tasks lands", async (strategy, content, task_id, decision) => {
    await using rig = await Rig.create({ files: FILES, config: config("file") });
    const { code, report } = await clash(rig, sides, strategy);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "long.txt")).toBe(content);
    expect(rig.show(report.commit, "other.txt")).toBe("of b\n");
    expect(report.loss).toMatchObject({
      accounted: report.loss.hunks,
      dropped: [{ task_id, path: "long.txt", decision }],
    });
  });

  test.each([
    ["first_wins", "1\nA\n3\n4\n5\n6\n7\n8\nlast of b\n", "b", "first_wins: the earlier task's lines stay"],
    ["last_wins", "1\nB\n3\n4\n5\n6\n7\n8\nlast of b\n", "a", "last_wins: the later task's lines replace them"],
  ])(
    "hunk: %s settles the clashing lines, the rest of the file is merged",
    async (strategy, content, task_id, decision) => {
      await using rig = await Rig.create({ files: FILES, config: config("hunk") });
      const { code, report } = await clash(rig, sides, strategy);
      expect(code).toBe(0);
      expect(rig.show(report.commit, "long.txt")).toBe(content);
      expect(report.loss).toMatchObject({
        accounted: report.loss.hunks,
        dropped: [{ task_id, path: "long.txt", decision }],
      });
    },
  );

  test("is refused with its name when it is none of the three", async () => {
    await using rig = await Rig.create({ files: FILES, config: config("line") });
    const answer = await rig.run(rig.tasks({ id: "a", files: ["a.txt"] }));
    expect(answer.code).toBe(2);
    expect(answer.failure.message).toContain("merge.granularity");
  });
});

describe("first_wins_with_merge, the default", () => {
  test.each(CLASHES)(
    "%s: the first keeps it and nothing of the second lands before a person decides",
    async (_, kind) => {
      await using rig = await create();
      const { code, report } = await clash(rig, kind, "first_wins_with_merge");
      expect(code).toBe(3);
      expect(report).toMatchObject({ final_status: "partial", conflicts_open: [expect.stringMatching(/^b:/)] });
      expect(rig.show(report.commit, kind.path)).toBe(kind.ours);
      expect(rig.show(report.commit, "other.txt")).toBeUndefined();
      expect(report.loss.accounted).toBe(report.loss.hunks);
      const [conflict = ""] = report.conflicts_open;
      const decided = await rig.cli(["resolve", report.run_id, conflict, "--choose", "theirs", "--json"]);
      expect(decided).toMatchObject({ code: 0, json: { remaining: [] } });
      const resumed = await rig.resume(report.run_id);
      expect(resumed.code).toBe(0);
      expect(rig.show(resumed.report.commit, kind.path)).toBe(kind.theirs);
      expect(rig.show(resumed.report.commit, "other.txt")).toBe("of b\n");
    },
  );
});

const [[, SAME_LINE]] = CLASHES as [[string, Clash]];

describe("what a strategy does with one clash of text", () => {
  test.each([
    ["smart_merge", "of b\n"],
    ["manual", undefined],
  ])("%s: it waits for a person; the rest of the second task is %j meanwhile", async (strategy, other) => {
    await using rig = await create();
    const { code, report } = await clash(rig, SAME_LINE, strategy);
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:text.txt"]);
    expect(rig.show(report.commit, "text.txt")).toBe("1\nA\n3\n");
    expect(rig.show(report.commit, "other.txt")).toBe(other);
  });
});

const APART = { first: [write("long.txt", "A\n2\n3\n4\n5\n6\n7\n8\n9\n")], second: [append("long.txt", "B\n")] };

describe("changes to one file that do not touch", () => {
  test.each(["smart_merge", "first_wins_with_merge"])("are merged by %s", async (strategy) => {
    await using rig = await create();
    const { code, report } = await clash(rig, APART, strategy);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "long.txt")).toBe("A\n2\n3\n4\n5\n6\n7\n8\n9\nB\n");
    expect(report).toMatchObject({ conflicts_resolved: 1, loss: { hunks: 3, accounted: 3, dropped: [] } });
  });

  test("go to review under manual", async () => {
    await using rig = await create();
    const { code, report } = await clash(rig, APART, "manual");
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:long.txt"]);
  });

  test("merge when one side changes the mode and the other the content", async () => {
    await using rig = await create();
    const sides = { first: [chmod("text.txt", 0o755)], second: [append("text.txt", "4\n")] };
    const { code, report } = await clash(rig, sides, "smart_merge");
    expect(code).toBe(0);
    expect(rig.git("ls-tree", report.commit, "text.txt")).toMatch(/^100755/);
    expect(rig.show(report.commit, "text.txt")).toBe("1\n2\n3\n4\n");
  });

  test.each([
    ["ours", undefined, "A\n2\n3\n4\n5\n6\n7\n8\n9\n"],
    ["theirs", "B\n2\n3\n4\n5\n6\n7\n8\n9\n", "A\n2\n3\n4\n5\n6\n7\n8\n9\n"],
  ])("ask about the path itself when they do touch and one side moved the file: %s", async (choice, long, moved) => {
    await using rig = await create();
    const first = [remove("long.txt"), write("moved.txt", "A\n2\n3\n4\n5\n6\n7\n8\n9\n")];
    const sides = { first, second: [write("long.txt", "B\n2\n3\n4\n5\n6\n7\n8\n9\n")] };
    const { code, report } = await clash(rig, sides, "smart_merge");
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:long.txt"]);
    await rig.cli(["resolve", report.run_id, "b:long.txt", "--choose", choice]);
    const resumed = await rig.resume(report.run_id);
    expect(resumed.code).toBe(0);
    expect(rig.show(resumed.report.commit, "long.txt")).toBe(long);
    expect(rig.show(resumed.report.commit, "moved.txt")).toBe(moved);
  });

  test.each([
    ["first", [remove("long.txt"), write("moved.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")], [append("long.txt", "B\n")]],
    ["second", [append("long.txt", "B\n")], [remove("long.txt"), write("moved.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")]],
  ])("merge when the %s task moved the file", async (_, first, second) => {
    await using rig = await create();
    const { code, report } = await clash(rig, { first, second }, "smart_merge");
    expect(code).toBe(0);
    expect(rig.show(report.commit, "moved.txt")).toBe("1\n2\n3\n4\n5\n6\n7\n8\n9\nB\n");
    expect(rig.show(report.commit, "long.txt")).toBeUndefined();
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks, dropped: [] });
  });
});
