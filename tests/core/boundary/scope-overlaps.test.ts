import { describe, expect, test } from "vitest";
import { scopeOverlaps } from "../../../src/core/boundary/scope-overlaps.ts";
import { listOf } from "../sample-plan.ts";

function overlaps(...scopes: string[][]) {
  const list = listOf(scopes.map((files, index) => ({ id: `t${index + 1}`, description: "Change it", files })));
  return scopeOverlaps(list.tasks).map(({ first, second, why }) => `${first} ${second}: ${why}`);
}

describe("two scopes meet", () => {
  test.each([
    ["one file twice", ["src/a.ts"], ["src/a.ts"], "both may change src/a.ts"],
    ["a file and its folder", ["src/a.ts"], ["src/**"], "src/a.ts overlaps src/**"],
    ["a folder and its file", ["src/**"], ["src/a.ts"], "src/** overlaps src/a.ts"],
    ["a file and a folder far above", ["src/a/b/c/d.ts"], ["src/**"], "src/a/b/c/d.ts overlaps src/**"],
    ["nested folders", ["src/**"], ["src/core/model/**"], "src/** overlaps src/core/model/**"],
    ["one folder twice", ["src/**"], ["src/**"], "both may change src/**"],
    ["everything and a file", ["**"], ["a"], "** overlaps a"],
    ["everything and a folder", ["deep/er/**"], ["**"], "deep/er/** overlaps **"],
    ["everything twice", ["**"], ["**"], "both may change **"],
    ["two symbols of one file", ["a.ts#parse"], ["a.ts#print"], "both may change a.ts"],
    ["a symbol and a folder", ["src/a.ts#parse"], ["src/**"], "src/a.ts overlaps src/**"],
    ["one entry of many", ["x", "y", "src/a.ts"], ["z", "src/**"], "src/a.ts overlaps src/**"],
    ["unicode paths", ["日本/語.md"], ["日本/**"], "日本/語.md overlaps 日本/**"],
    ["a file where the other makes a folder", ["src/new"], ["src/new/a.ts"], "src/new overlaps src/new/a.ts"],
    ["a file and a folder of its name", ["src/new/**"], ["src/new"], "src/new/** overlaps src/new"],
    ["names inherited by every object", ["constructor"], ["constructor/**"], "constructor overlaps constructor/**"],
    [
      "paths that differ by case",
      ["README.md"],
      ["readme.md"],
      "README.md and readme.md are one path where case does not count",
    ],
    ["folders that differ by case", ["Src/**"], ["src/a.ts"], "Src/** overlaps src/a.ts"],
    [
      "umlauts that differ by case",
      ["ÄRGER.md"],
      ["ärger.md"],
      "ÄRGER.md and ärger.md are one path where case does not count",
    ],
  ])("%s", (_, one, other, why) => {
    expect(overlaps(one, other)).toEqual([`t1 t2: ${why}`]);
  });
});

describe("two scopes do not meet", () => {
  test.each([
    ["different files", ["src/a.ts"], ["src/b.ts"]],
    ["a name that goes on", ["src/**"], ["src2/a.ts"]],
    ["a file that begins like a folder", ["src/**"], ["src.ts"]],
    ["the same name elsewhere", ["src/**"], ["lib/src/**"]],
    ["sister folders", ["src/a/**"], ["src/b/**"]],
    ["literal brackets", ["app/[id]/page.tsx"], ["app/i/page.tsx"]],
    ["nothing at all", ["a"], ["b"]],
  ])("%s", (_, one, other) => {
    expect(overlaps(one, other)).toEqual([]);
  });
});

test("a task's own entries may meet each other", () => {
  expect(overlaps(["src/**", "src/a.ts", "**"], ["x"])).toEqual(["t1 t2: ** overlaps x"]);
});

test("tasks that only read do not conflict, with each other or with a writer", () => {
  const shape = { description: "Look", files: ["src/**"] };
  const list = listOf([
    { ...shape, id: "reads", access: "read_only" },
    { ...shape, id: "tests", access: "read_only+test_execution" },
    { ...shape, id: "writes" },
  ]);
  expect(scopeOverlaps(list.tasks)).toEqual([]);
});

test("each pair is there once, in the order of the task list, with the first entries that meet", () => {
  expect(overlaps(["b/**", "a/**"], ["a/1", "b/1", "b/2"], ["c"], ["b/1", "c"])).toEqual([
    "t1 t2: a/** overlaps a/1",
    "t1 t4: b/** overlaps b/1",
    "t2 t4: both may change b/1",
    "t3 t4: both may change c",
  ]);
});

test("500 tasks that all name the same 200 files are compared in less than 3 s", () => {
  const files = Array.from({ length: 200 }, (_, index) => `src/${index}.ts`);
  const { tasks } = listOf(Array.from({ length: 500 }, () => ({ description: "Change it", files })));
  const start = process.cpuUsage();
  expect(scopeOverlaps(tasks).length).toEqual((500 * 499) / 2);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(6_000);
});
