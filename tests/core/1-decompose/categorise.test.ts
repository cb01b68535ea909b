import { expect, test } from "vitest";
import { listOf } from "../sample-plan.ts";

const BASE = Object.fromEntries(
  ["src/a.ts", "README.md", "package.json", "tests/a.test.ts"].map((path) => [path, "100644"]),
);

test.each([
  [["src/a.ts"], "modification"],
  [["src/a.ts#parse"], "modification"],
  [["src/**"], "modification"],
  [["src/new.ts"], "creation"],
  [["src/new.ts", "lib/new.ts"], "creation"],
  [["src/new.ts", "src/a.ts"], "modification"],
  [["src/new.ts", "lib/**"], "modification"],
  [["tests/a.test.ts"], "test"],
  [["tests/**"], "test"],
  [["src/__tests__/new.ts"], "test"],
  [["src/new.spec.ts"], "test"],
  [["unit/test_auth.py"], "test"],
  [["pkg/server_test.go"], "test"],
  [["src/a.ts", "tests/a.test.ts"], "modification"],
  [["src/contest.ts"], "creation"],
  [["src/latest/a.ts"], "creation"],
  [["README.md"], "documentation"],
  [["docs/**"], "documentation"],
  [["docs/guide.rst", "CHANGES.txt"], "documentation"],
  [["tests/README.md"], "test"],
  [["package.json"], "configuration"],
  [["tsconfig.test.json", ".eslintrc.json", ".env.test"], "configuration"],
  [[".github/workflows/ci.yml", ".github/**"], "configuration"],
  [["requirements.txt", "requirements-dev.txt", "CMakeLists.txt"], "configuration"],
  [["pyproject.toml", "setup.cfg", "Dockerfile", "deploy/Makefile"], "configuration"],
  [[".gitignore", ".editorconfig", "package-lock.json"], "configuration"],
  [["package.json", "README.md"], "modification"],
])("%j is a %s", (files, category) => {
  expect(listOf([{ description: "x", files }], { base: BASE }).tasks.map((task) => task.category)).toEqual([category]);
});

test("a task without files is a modification", () => {
  expect(listOf([{ description: "x", access: "read_only" }]).tasks.map((task) => task.category)).toEqual([
    "modification",
  ]);
});
