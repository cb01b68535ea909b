/** PARALLELIZATION PATTERNS: the specification's four batches have scopes that do not meet, and what would make them meet. */
import { describe, expect, test } from "vitest";
import { batchesOf, graphOf, listOf } from "../core/sample-plan.ts";

function tasks(files: string[]) {
  return listOf(files.map((file, index) => ({ id: `t${index + 1}`, description: `Change ${file}`, files: [file] })));
}

test.each([
  [
    "Pattern 1: File-Based Parallelization: Different files = parallel",
    ["src/utils/helper.py", "src/utils/formatter.py", "src/utils/validator.py"],
  ],
  ["Pattern 2: Module-Based Parallelization: Different modules = parallel", ["auth/**", "notify/**", "export/**"]],
  [
    "Pattern 3: Test Parallelization: Tests are usually independent",
    ["tests/unit/test_auth.py", "tests/unit/test_notify.py", "tests/unit/test_export.py"],
  ],
  [
    "Pattern 4: Documentation Parallelization: Docs for different modules = parallel",
    ["docs/auth.md", "docs/notify.md", "docs/export.md"],
  ],
])("%s", (_, files) => {
  const list = tasks(files);
  expect({ conflicts: graphOf(list).conflicts, batches: batchesOf(list) }).toEqual({
    conflicts: [],
    batches: [["t1", "t2", "t3"]],
  });
});

describe("what breaks a pattern is one conflict, and only the tasks in it are kept apart", () => {
  test.each([
    [
      "a task over the folder of another's file",
      ["auth/**", "auth/login.py", "export/**"],
      "auth/** overlaps auth/login.py",
    ],
    ["the same test twice", ["tests/a.py", "tests/a.py", "tests/b.py"], "both may change tests/a.py"],
    ["a folder inside a folder", ["docs/**", "docs/de/**", "auth/**"], "docs/** overlaps docs/de/**"],
  ])("%s", (_, files, why) => {
    const list = tasks(files);
    expect({ edges: graphOf(list).edges, batches: batchesOf(list) }).toEqual({
      edges: [{ from: "t1", to: "t2", kind: "scope", confidence: 1, why }],
      batches: [["t1", "t3"], ["t2"]],
    });
  });

  test("names that only begin alike are different places", () => {
    expect(graphOf(tasks(["auth/**", "auth2/**", "auth.py", "src/auth/**"])).conflicts).toEqual([]);
  });
});
