/** Two tasks that change one place side by side: what each of the five strategies makes of every kind of clash. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../rig/command.ts";
import { describeSeldom, few, seldom } from "../rig/extent.ts";
import { Rig, type RigTask } from "../rig/rig.ts";
import { append, chmod, remove, type Step, symlink, write } from "../rig/steps.ts";

const FILES = {
  "text.txt": "1\n2\n3\n",
  "image.bin": Buffer.from([0, 1, 2, 3]),
  "link.txt": "real\n",
  "long.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
};

interface Clash {
  path: string;
  first: Step[];
  second: Step[];
  /** what is at `path` when the first, or the second, wins */
  ours: string | undefined;
  theirs: string | undefined;
}

/** Each kind in a folder of its own, so that one run has them all side by side; `at` gives the path of a file there. */
const KINDS: [string, string, (at: (file: string) => string) => Clash][] = [
  [
    "the same line",
    "line",
    (at) => ({
      path: at("text.txt"),
      first: [write(at("text.txt"), "1\nA\n3\n")],
      second: [write(at("text.txt"), "1\nB\n3\n")],
      ours: "1\nA\n3\n",
      theirs: "1\nB\n3\n",
    }),
  ],
  [
    "a change and a deletion",
    "deleted-after",
    (at) => ({
      path: at("text.txt"),
      first: [append(at("text.txt"), "4\n")],
      second: [remove(at("text.txt"))],
      ours: "1\n2\n3\n4\n",
      theirs: undefined,
    }),
  ],
  [
    "a deletion and a change",
    "deleted-before",
    (at) => ({
      path: at("text.txt"),
      first: [remove(at("text.txt"))],
      second: [append(at("text.txt"), "4\n")],
      ours: undefined,
      theirs: "1\n2\n3\n4\n",
    }),
  ],
  [
    "a new file of the same name",
    "new",
    (at) => ({
      path: at("new.txt"),
      first: [write(at("new.txt"), "A\n")],
      second: [write(at("new.txt"), "B\n")],
      ours: "A\n",
      theirs: "B\n",
    }),
  ],
  [
    "a binary file",
    "binary",
    (at) => ({
      path: at("image.bin"),
      first: [write(at("image.bin"), "\0A")],
      second: [write(at("image.bin"), "\0B")],
      ours: "\0A",
      theirs: "\0B",
    }),
  ],
  [
    "a file where the other made a folder",
    "folder-first",
    (at) => ({
      path: at("x"),
      first: [write(at("x/y"), "folder\n")],
      second: [write(at("x"), "file\n")],
      ours: undefined,
      theirs: "file\n",
    }),
  ],
  [
    "a folder where the other made a file",
    "file-first",
    (at) => ({
      path: at("x/y"),
      first: [write(at("x"), "file\n")],
      second: [write(at("x/y"), "folder\n")],
      ours: undefined,
      theirs: "folder\n",
    }),
  ],
  [
    "a link to another place",
    "link",
    (at) => ({
      path: at("link.txt"),
      first: [remove(at("link.txt")), symlink(at("link.txt"), "text.txt")],
      second: [remove(at("link.txt")), symlink(at("link.txt"), "image.bin")],
      ours: "text.txt",
      theirs: "image.bin",
    }),
  ],
];

const CLASHES = few(4, KINDS).map(([kind, folder, of]) => {
  const at = (file: string): string => `${folder}/${file}`;
  return { kind, folder, at, a: `${folder}-a`, b: `${folder}-b`, ...of(at) };
});

async function clash(rig: Rig, { first, second }: Pick<Clash, "first" | "second">, strategy: string): Promise<Answer> {
  rig.script({ a: first, b: [...second, write("other.txt", "of b\n")] });
  const tasks = rig.tasks({ id: "a", files: ["**"] }, { id: "b", files: ["**"] });
  const answer = await rig.run(tasks, "--strategy", strategy);
  expect(answer.report.batches_executed).toBe(1);
  return answer;
}

/** All kinds of clashes in one run, sixteen agents side by side; beside the clash each task writes a file that nobody else does. */
async function allClashes(rig: Rig, strategy: string): Promise<Answer> {
  const script: Record<string, Step[]> = {};
  const tasks: RigTask[] = [];
  for (const { a, b, at, first, second, folder } of CLASHES) {
    script[a] = [...first, write(at("own.txt"), "of a\n")];
    script[b] = [...second, write(at("other.txt"), "of b\n")];
    tasks.push({ id: a, files: [`${folder}/**`] }, { id: b, files: [`${folder}/**`] });
  }
  rig.script(script);
  const answer = await rig.run(rig.tasks(...tasks), "--strategy", strategy, "--max-parallel", String(tasks.length));
  expect(answer.report).toMatchObject({ batches_executed: 1, tasks_succeeded: tasks.length });
  expect(answer.report.loss.accounted).toBe(answer.report.loss.hunks);
  return answer;
}

const create = (): Promise<Rig> => Rig.create({ files: FILES, config: { same_file: "optimistic" } });

function createForAll(): Promise<Rig> {
  const files = CLASHES.flatMap(({ at }) => Object.entries(FILES).map(([file, content]) => [at(file), content]));
  return Rig.create({ files: Object.fromEntries(files), config: { same_file: "optimistic" } });
}

describe("first_wins", () => {
  let rig: Rig;
  let answer: Answer;
  beforeAll(async () => {
    rig = await createForAll();
    answer = await allClashes(rig, "first_wins");
    expect(answer.code).toBe(0);
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test.each(CLASHES)(
    "$kind: the earlier task keeps it, the later one is left out whole, and that is named",
    ({ path, ours, at, b }) => {
      const { commit, loss } = answer.report;
      expect(rig.show(commit, path)).toBe(ours);
      expect(rig.show(commit, at("own.txt"))).toBe("of a\n");
      expect(rig.show(commit, at("other.txt"))).toBeUndefined();
      const decision = "first_wins: the earlier task stays";
      expect(loss.dropped).toContainEqual({ task_id: b, path, decision });
      expect(loss.dropped).toContainEqual({ task_id: b, path: at("other.txt"), decision });
    },
  );
});

describeSeldom("last_wins", () => {
  let rig: Rig;
  let answer: Answer;
  beforeAll(async () => {
    rig = await createForAll();
    answer = await allClashes(rig, "last_wins");
    expect(answer.code).toBe(0);
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test.each(CLASHES)(
    "$kind: the later task replaces the earlier one whole, and that is named",
    ({ path, theirs, at, a }) => {
      const { commit, loss } = answer.report;
      expect(rig.show(commit, path)).toBe(theirs);
      expect(rig.show(commit, at("own.txt"))).toBeUndefined();
      expect(rig.show(commit, at("other.txt"))).toBe("of b\n");
      const decision = "last_wins: the later task replaces it";
      expect(loss.dropped).toContainEqual({ task_id: a, path: at("own.txt"), decision });
    },
  );

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

  test.each(
    few(1, [
      ["last_wins", "1\nB\n3\n4\n5\n6\n7\n8\nlast of b\n", "a", "last_wins: the later task's version replaces it"],
      ["first_wins", "1\nA\n3\n4\n5\n6\n7\n8\n9\n", "b", "first_wins: the earlier task's version stays"],
    ]),
  )("file: %s settles the file, the rest of both tasks lands", async (strategy, content, task_id, decision) => {
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

  test.each(
    few(1, [
      ["first_wins", "1\nA\n3\n4\n5\n6\n7\n8\nlast of b\n", "b", "first_wins: the earlier task's lines stay"],
      ["last_wins", "1\nB\n3\n4\n5\n6\n7\n8\nlast of b\n", "a", "last_wins: the later task's lines replace them"],
    ]),
  )(
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
  let rig: Rig;
  let before: Answer;
  let after: Answer;
  beforeAll(async () => {
    rig = await createForAll();
    before = await allClashes(rig, "first_wins_with_merge");
    expect(before.code).toBe(3);
    const open = before.report.conflicts_open;
    for (const [place, conflict] of open.entries()) {
      const decided = await rig.cli(["resolve", before.report.run_id, conflict, "--choose", "theirs", "--json"]);
      const remaining = open.slice(place + 1);
      expect(decided).toMatchObject({ code: remaining.length === 0 ? 0 : 3, json: { remaining } });
    }
    after = await rig.resume(before.report.run_id);
    expect(after.code).toBe(0);
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test.each(CLASHES)(
    "$kind: the first keeps it and nothing of the second lands before a person decides",
    ({ path, ours, theirs, at, b }) => {
      const { commit, conflicts_open } = before.report;
      expect(conflicts_open.filter((conflict) => conflict.startsWith(`${b}:`))).toHaveLength(1);
      expect(rig.show(commit, path)).toBe(ours);
      expect(rig.show(commit, at("other.txt"))).toBeUndefined();
      expect(rig.show(after.report.commit, path)).toBe(theirs);
      expect(rig.show(after.report.commit, at("other.txt"))).toBe("of b\n");
    },
  );

  test("the run stays partial until the last decision", () => {
    expect(before.report).toMatchObject({ final_status: "partial" });
    expect(before.report.conflicts_open).toHaveLength(CLASHES.length);
    expect(after.report).toMatchObject({ final_status: "success", conflicts_open: [] });
  });
});

const SAME_LINE = { first: [write("text.txt", "1\nA\n3\n")], second: [write("text.txt", "1\nB\n3\n")] };

describe("what a strategy does with one clash of text", () => {
  test.each<[string, string | undefined]>(
    few(1, [
      ["smart_merge", "of b\n"],
      ["manual", undefined],
    ]),
  )("%s: it waits for a person; the rest of the second task is %j meanwhile", async (strategy, other) => {
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
  test.each(few(1, ["smart_merge", "first_wins_with_merge"]))("are merged by %s", async (strategy) => {
    await using rig = await create();
    const { code, report } = await clash(rig, APART, strategy);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "long.txt")).toBe("A\n2\n3\n4\n5\n6\n7\n8\n9\nB\n");
    expect(report).toMatchObject({ conflicts_resolved: 1, loss: { hunks: 3, accounted: 3, dropped: [] } });
  });

  seldom("go to review under manual", async () => {
    await using rig = await create();
    const { code, report } = await clash(rig, APART, "manual");
    expect(code).toBe(3);
    expect(report.conflicts_open).toEqual(["b:long.txt"]);
  });

  seldom("merge when one side changes the mode and the other the content", async () => {
    await using rig = await create();
    const sides = { first: [chmod("text.txt", 0o755)], second: [append("text.txt", "4\n")] };
    const { code, report } = await clash(rig, sides, "smart_merge");
    expect(code).toBe(0);
    expect(rig.git("ls-tree", report.commit, "text.txt")).toMatch(/^100755/);
    expect(rig.show(report.commit, "text.txt")).toBe("1\n2\n3\n4\n");
  });

  seldom.each([
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

  test.each(
    few(1, [
      ["first", [remove("long.txt"), write("moved.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")], [append("long.txt", "B\n")]],
      ["second", [append("long.txt", "B\n")], [remove("long.txt"), write("moved.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")]],
    ]),
  )("merge when the %s task moved the file", async (_, first, second) => {
    await using rig = await create();
    const { code, report } = await clash(rig, { first, second }, "smart_merge");
    expect(code).toBe(0);
    expect(rig.show(report.commit, "moved.txt")).toBe("1\n2\n3\n4\n5\n6\n7\n8\n9\nB\n");
    expect(rig.show(report.commit, "long.txt")).toBeUndefined();
    expect(report.loss).toMatchObject({ accounted: report.loss.hunks, dropped: [] });
  });
});
