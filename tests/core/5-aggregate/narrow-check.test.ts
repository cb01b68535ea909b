/** A failed check narrowed to the test files its runner named, for the runners people have; and left whole where that would be a guess. */
import { describe, expect, test } from "vitest";
import { narrowCheck } from "../../../src/core/5-aggregate/validate/narrow-check.ts";

const narrowed = (command: string[], output: string, scripts: Record<string, string> = {}) => {
  const found = narrowCheck({ command, output, scripts, goModule: "example.org/shop" });
  return found?.command(found.places);
};
const VITEST = " ❯ tests/b.test.ts (2 tests | 1 failed) 5ms\n FAIL  tests/b.test.ts > adds > two\nAssertionError: no\n";
const JEST = "FAIL src/a.test.js\n  ● adds\nPASS src/b.test.js\n";
const MOCHA =
  "  1) adds:\n     at Context.<anonymous> (test/a.spec.js:10:5)\n     at run (node_modules/mocha/lib/runner.js:1:2)\n";
const PYTEST = "FAILED tests/test_a.py::test_adds - assert 1 == 2\nERROR tests/test_b.py\n= 1 failed =\n";
const NODE = "not ok 1 - adds\n  ---\n  location: 'test/a.test.js:3:1'\n  ...\n";
const GO = "--- FAIL: TestAdds (0.00s)\nFAIL\nFAIL\texample.org/shop/cart\t0.01s\nok  \texample.org/shop/till\t0.01s\n";

describe("narrowCheck", () => {
  test.each<[string, string[], string, string[]]>([
    ["vitest", ["npx", "vitest", "run"], VITEST, ["npx", "vitest", "run", "tests/b.test.ts"]],
    ["jest", ["npx", "jest", "--ci"], JEST, ["npx", "jest", "--ci", "src/a.test.js"]],
    ["mocha", ["npx", "mocha"], MOCHA, ["npx", "mocha", "test/a.spec.js"]],
    [
      "pytest",
      ["python3", "-m", "pytest", "-q"],
      PYTEST,
      ["python3", "-m", "pytest", "-q", "tests/test_a.py", "tests/test_b.py"],
    ],
    ["node --test", ["node", "--test"], NODE, ["node", "--test", "test/a.test.js"]],
    ["go test", ["go", "test", "./..."], GO, ["go", "test", "./cart"]],
    [
      "a runner's own file",
      ["node", "node_modules/vitest/vitest.mjs", "run"],
      VITEST,
      ["node", "node_modules/vitest/vitest.mjs", "run", "tests/b.test.ts"],
    ],
  ])("%s runs only what failed", (_, command, output, expected) => {
    expect(narrowed(command, output)).toEqual(expected);
  });

  test.each<[string[], string[]]>([
    [
      ["npm", "test"],
      ["npm", "test", "--", "tests/b.test.ts"],
    ],
    [
      ["npm", "run", "unit"],
      ["npm", "run", "unit", "--", "tests/b.test.ts"],
    ],
    [
      ["yarn", "unit"],
      ["yarn", "unit", "tests/b.test.ts"],
    ],
  ])("%j passes them to the script it stands for", (command, expected) => {
    expect(narrowed(command, VITEST, { test: "vitest run", unit: "vitest run --silent" })).toEqual(expected);
  });

  test.each<[string, string[], string, Record<string, string>]>([
    ["the script does more than one thing", ["npm", "test"], VITEST, { test: "vitest run && tsc" }],
    ["the script is not there", ["npm", "test"], VITEST, {}],
    ["it runs chosen tests already", ["pytest", "tests/unit"], PYTEST, {}],
    ["it is no runner", ["make", "test"], VITEST, {}],
    ["node runs a program", ["node", "check.js"], NODE, {}],
    ["the output names nothing", ["npx", "vitest", "run"], "out of memory\n", {}],
    ["the path leads elsewhere", ["npx", "vitest", "run"], " FAIL  ../other/a.test.ts > x\n", {}],
    ["the package is of another module", ["go", "test", "./..."], "FAIL\texample.com/other\t0.1s\n", {}],
  ])("nothing is narrowed where %s", (_, command, output, scripts) => {
    expect(narrowed(command, output, scripts)).toBeUndefined();
  });
});
