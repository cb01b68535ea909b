import { describe, expect, test } from "vitest";
import { ancestorsOf, exactPaths, parseScope, scopeContains } from "../../../src/core/boundary/scope.ts";

describe("parseScope", () => {
  test.each([
    ["src/a.ts", { kind: "file", path: "src/a.ts", symbol: undefined }],
    ["src/a.ts#parse", { kind: "file", path: "src/a.ts", symbol: "parse" }],
    ["src/**", { kind: "tree", path: "src", symbol: undefined }],
    ["src/C#/**", { kind: "tree", path: "src/C#", symbol: undefined }],
    ["**", { kind: "tree", path: "", symbol: undefined }],
  ])("%s", (entry, scope) => {
    expect(parseScope(entry)).toEqual(scope);
  });
});

describe("scopeContains", () => {
  test.each([
    ["src/a.ts", "src/a.ts", true],
    ["src/a.ts", "src/A.ts", false],
    ["src/a.ts", "src/a.ts/x", false],
    ["src/a.ts", "src/a.tsx", false],
    ["src/a.ts#parse", "src/a.ts", true],
    ["src/**", "src/a.ts", true],
    ["src/**", "src/deep/er/a.ts", true],
    ["src/**", "src", false],
    ["src/**", "src2/a.ts", false],
    ["src/**", "a/src/b.ts", false],
    ["**", "anything", true],
    ["**", "any/thing", true],
    ["app/[id]/page.tsx", "app/[id]/page.tsx", true],
    ["app/[id]/page.tsx", "app/i/page.tsx", false],
    ["日本/**", "日本/語.md", true],
  ])("%s and %s: %s", (entry, path, contained) => {
    expect(scopeContains(parseScope(entry), path)).toEqual(contained);
  });
});

test("the folders above a path begin with the root", () => {
  expect([ancestorsOf("a/b/c.ts"), ancestorsOf("a.ts")]).toEqual([["", "a", "a/b"], [""]]);
});

test("exact paths are what a task names one by one, without symbols", () => {
  expect(exactPaths(["src/**", "a.ts", "b.ts#parse", "**"])).toEqual(["a.ts", "b.ts"]);
});
