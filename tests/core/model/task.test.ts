import { describe, expect, test } from "vitest";
import { estimateOf, TaskInput, withoutAliases } from "../../../src/core/model/task.ts";

describe("withoutAliases", () => {
  test("the specification's long names become the short ones, values untouched", () => {
    const files = ["a.py"];
    expect(
      withoutAliases({ task_id: "a", files_affected: files, estimated_duration: "5min", description: "x" }),
    ).toEqual({
      ...{ id: "a", files, estimated: "5min", description: "x" },
    });
  });

  test("a long name beside its short one stays, in either order, so that neither wins in silence", () => {
    expect([withoutAliases({ id: "a", task_id: "b" }), withoutAliases({ task_id: "b", id: "a" })]).toEqual([
      { id: "a", task_id: "b" },
      { id: "a", task_id: "b" },
    ]);
  });

  test("keys that every object inherits are no aliases", () => {
    const input: unknown = JSON.parse('{"constructor": 1, "toString": 2, "__proto__": {"id": "x"}}');
    expect(Object.entries(Object(withoutAliases(input)))).toEqual([
      ["constructor", 1],
      ["toString", 2],
      ["__proto__", { id: "x" }],
    ]);
  });

  test.each([["text"], [null], [undefined], [7], [["a"]]])("%j is left for the schema to judge", (input) => {
    expect(withoutAliases(input)).toEqual(input);
  });
});

describe("TaskInput", () => {
  test("a description is all it needs; the rest has defaults", () => {
    expect(TaskInput.parse({ description: "  Change it " })).toEqual({
      description: "Change it",
      files: [],
      estimated: "10min",
      risk_level: "low",
      depends_on: [],
      conflicts_with: [],
      locks: [],
      modifies: [],
      critical: false,
      access: "write",
      checks: [],
      allow_empty: false,
    });
  });

  test.each([
    ["200 files", { files: Array.from({ length: 200 }, (_, index) => `src/${index}.ts`) }],
    ["500 dependencies", { depends_on: Array.from({ length: 500 }, (_, index) => `t${index}`) }],
    ["50 locks", { locks: Array.from({ length: 50 }, (_, index) => `l${index}`) }],
    ["20 checks", { checks: Array.from({ length: 20 }, (_, index) => `c${index}`) }],
    ["20,000 characters", { description: "x".repeat(20_000) }],
  ])("%s are accepted, one more is refused", (_, fields) => {
    const [[key, value] = ["", ""]] = Object.entries(fields);
    const more = typeof value === "string" ? `${value}x` : [...value, "one-more"];
    const accepts = (field: unknown): boolean =>
      TaskInput.safeParse({ description: "Change it", [key]: field }).success;
    expect([accepts(value), accepts(more)]).toEqual([true, false]);
  });

  test.each([
    ["an unknown field", { urgency: 1 }],
    ["a phase's access", { access: "write (distributed)" }],
    ["an empty command", { command: [] }],
    ["a command as one line", { command: "rm -rf /" }],
    ["an empty program", { command: [""] }],
    ["text for a flag", { critical: "yes" }],
    ["a risk that is none", { risk_level: "extreme" }],
    ["a lock named like a path upwards", { locks: ["../db"] }],
  ])("%s is refused", (_, fields) => {
    expect(TaskInput.safeParse({ description: "Change it", ...fields }).success).toEqual(false);
  });

  test("an unknown field that every object inherits is refused like any other", () => {
    const input: unknown = JSON.parse('{"description": "x", "constructor": 1}');
    expect(TaskInput.safeParse(withoutAliases(input)).error?.issues).toEqual([
      { code: "unrecognized_keys", keys: ["constructor"], path: [], message: 'Unrecognized key: "constructor"' },
    ]);
  });
});

test("an estimate is given in milliseconds and in its normal text", () => {
  expect(estimateOf(TaskInput.parse({ description: "x", estimated: "0.5h" }))).toEqual({
    estimated: "30min",
    estimated_ms: 1_800_000,
  });
});
