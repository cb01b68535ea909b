/** PARALLELIZATION PATTERNS: the specification's four batches have scopes that do not meet, and what would make them meet. */
import { describe, expect, test } from "vitest";
import { surveyBase } from "../../src/core/1-decompose/pattern/base-survey.ts";
import { tasksFromPattern } from "../../src/core/1-decompose/pattern/tasks-from-pattern.ts";
import { WorkPattern } from "../../src/core/model/work-pattern.ts";
import { sampleRepository } from "../core/code/sample-repository.ts";
import { batchesOf, granted, graphOf, listOf } from "../core/sample-plan.ts";

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

describe("a pattern finds these tasks in a repository by itself", () => {
  const PROJECT = {
    "src/utils/helper.py": "def help(): pass\n",
    "src/utils/formatter.py": "def format(): pass\n",
    "src/utils/validator.py": "def validate(): pass\n",
    "auth/login.py": "def login(): pass\n",
    "auth/token.py": "def token(): pass\n",
    "notify/mail.py": "def mail(): pass\n",
    "export/csv.py": "def csv(): pass\n",
    "tests/unit/test_auth.py": "def test(): pass\n",
    "tests/unit/test_notify.py": "def test(): pass\n",
    "tests/unit/test_export.py": "def test(): pass\n",
    "docs/auth.md": "# Auth\n",
    "docs/notify.md": "# Notify\n",
    "docs/export.md": "# Export\n",
  };

  const BASE = Object.fromEntries(Object.keys(PROJECT).map((path) => [path, "100644"]));

  test.each([
    [
      "Pattern 1: modify",
      { kind: "file", include: ["src/utils/*.py"] },
      ["src/utils/formatter.py", "src/utils/helper.py", "src/utils/validator.py"],
      "modification",
    ],
    [
      "Pattern 2: feature: auth/ directory, notify/ directory, export/ directory",
      { kind: "module", include: ["auth", "notify", "export"] },
      ["auth/**", "export/**", "notify/**"],
      "modification",
    ],
    [
      "Pattern 3: test",
      { kind: "test" },
      ["tests/unit/test_auth.py", "tests/unit/test_export.py", "tests/unit/test_notify.py"],
      "test",
    ],
    ["Pattern 4: doc", { kind: "docs" }, ["docs/auth.md", "docs/export.md", "docs/notify.md"], "documentation"],
  ])("%s: one batch of three tasks", async (_, pattern, scopes, category) => {
    const repository = await sampleRepository(PROJECT);
    const survey = await surveyBase(repository.sources, repository.commit);
    const parsed = WorkPattern.parse({ description: "Change it", ...pattern });
    const list = listOf(granted(await tasksFromPattern(parsed, survey)), { base: BASE });
    repository.dispose();
    expect(list.tasks.map((task) => [task.files, task.category])).toEqual(scopes.map((scope) => [[scope], category]));
    expect(batchesOf(list)).toEqual([list.tasks.map((task) => task.id)]);
  });
});
