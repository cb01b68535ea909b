import { describe, expect, test } from "vitest";
import { listOf, problemsOf } from "../sample-plan.ts";

const TEXT = "100644";
const SUBMODULE = "160000";
const BASE = { "src/a.ts": TEXT, "src/deep/b.ts": TEXT, README: TEXT, "vendor/lib": SUBMODULE };

function task(files: string[], more: object = {}) {
  return [{ id: "t", description: "Change it", files, ...more }];
}

describe("a write task without files", () => {
  test.each([{}, { files: [] }])("is refused: %j", (fields) => {
    expect(problemsOf([{ id: "t", description: "x", ...fields }]).map((problem) => problem.code)).toEqual([
      "missing_scope",
    ]);
  });

  test.each(["read_only", "read_only+test_execution"])("is accepted under %s access", (access) => {
    expect(listOf([{ id: "t", description: "x", access }]).boundaries).toEqual([
      { task_boundary: "t", access, scope: [] },
    ]);
  });
});

describe("an entry that would contain nothing", () => {
  test.each([
    ["src/a.ts/**", "is a file, not a folder", "write src/a.ts"],
    ["src", "is a folder", "write src/**"],
    ["src/deep", "is a folder", "write src/deep/**"],
    ["src#parse", "is a folder", "write src/**"],
    [
      "README/intro.md",
      "lies below README, which is a file",
      "write README, or list it too if the task replaces that file by a folder",
    ],
    [
      "src/a.ts/x/**",
      "lies below src/a.ts, which is a file",
      "write src/a.ts, or list it too if the task replaces that file by a folder",
    ],
  ])("%s is refused with what to write instead", (entry, says, fix) => {
    expect(problemsOf(task([entry]), { base: BASE })).toEqual([
      {
        task_id: "t",
        field: "files",
        code: "scope_kind",
        message: `task t: files entry ${JSON.stringify(entry)} ${says}`,
        fix,
      },
    ]);
  });

  test("a file may become a folder when the task names both", () => {
    expect(listOf(task(["README", "README/intro.md"]), { base: BASE }).total_tasks).toEqual(1);
  });

  test.each(["src/a.ts", "src/new.ts", "src/**", "new/**", "new/a/b.ts", "**", "src/a.ts#parse", "srcs", "src/a.tsx"])(
    "%s is accepted, whether or not it exists yet",
    (entry) => {
      const { "vendor/lib": _, ...base } = BASE;
      expect(listOf(task([entry]), { base }).total_tasks).toEqual(1);
    },
  );
});

describe("content that Forkjoin cannot carry", () => {
  const says = "is a submodule, whose content lives in another repository";

  test.each(["vendor/lib", "vendor/lib/**", "vendor/**", "**", "vendor/lib/src/a.c", "vendor/lib/src/**"])(
    "%s reaches a submodule",
    (entry) => {
      expect(problemsOf(task([entry]), { base: BASE })).toEqual([
        {
          task_id: "t",
          field: "files",
          code: "unsupported_submodule",
          message: `task t: vendor/lib ${says}`,
          fix: "leave it out of the task's scope",
        },
      ]);
    },
  );

  test("a folder beside a submodule does not", () => {
    expect(listOf(task(["vendor/lib2/**", "vendor/other.c"]), { base: BASE }).total_tasks).toEqual(1);
  });

  test("a path kept by git-lfs", () => {
    expect(problemsOf(task(["assets/**"]), { lfs: ["assets/logo.png", "other/x.png"] })).toEqual([
      {
        task_id: "t",
        field: "files",
        code: "unsupported_lfs",
        message: "task t: assets/logo.png is kept by git-lfs, whose content is not in this repository",
        fix: "leave it out of the task's scope",
      },
    ]);
  });

  test("of many such paths five are named", () => {
    const lfs = Array.from({ length: 9 }, (_, index) => `assets/${index}.png`);
    expect(problemsOf(task(["**"]), { lfs }).length).toEqual(5);
  });

  test("a task that only reads may have it in its scope", () => {
    const list = listOf(task(["**"], { access: "read_only" }), { base: BASE, lfs: ["logo.png"] });
    expect(list.total_tasks).toEqual(1);
  });
});

test("1,000 tasks of 20 paths over 20,000 files are judged in less than 2 s", () => {
  const base = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`src/m${index % 200}/f${index}.ts`, TEXT]),
  );
  const tasks = Array.from({ length: 1_000 }, (_, index) => ({
    description: "Change it",
    files: Array.from({ length: 20 }, (__, file) => `src/m${(index + file) % 200}/f${index * 20 + file}.ts`),
  }));
  const start = process.cpuUsage();
  expect(listOf(tasks, { base }).total_tasks).toEqual(1_000);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(4_000);
});
