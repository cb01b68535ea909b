import { describe, expect, test } from "vitest";
import { Name, RunId, TaskId } from "../../../src/core/model/identifier.ts";

const FORM = "must match ^[a-z0-9][a-z0-9._-]{0,63}$ (lower case letters, digits, dot, dash, underscore)";
const UNUSABLE = "is not usable as a git ref or file name (no `..`, no final dot, no `.lock`, no reserved device name)";

function messages(schema: typeof TaskId, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map((issue) => issue.message) ?? [];
}

describe("a task id", () => {
  test.each(["a", "1", "007", "task_001", "add-logging", "v1.2.3", "constructor", "console", "com", "x".repeat(64)])(
    "may be %j",
    (id) => {
      expect(messages(TaskId, id)).toEqual([]);
    },
  );

  test.each(["", "A", "-a", ".a", "_a", "__proto__", "a b", "a/b", "a\n", "ä", "a~1", "a:b", "x".repeat(65)])(
    "may not be %j, because of its form",
    (id) => {
      expect(messages(TaskId, id)).toContain(FORM);
    },
  );

  test.each(["a..b", "a.", "a.lock", "con", "nul", "aux.txt", "com1", "lpt9.log"])(
    "may not be %j, because git or a platform could not use it",
    (id) => {
      expect(messages(TaskId, id)).toEqual([UNUSABLE]);
    },
  );
});

describe("a run id", () => {
  test.each(["20261123-074512-9f3a", "r"])("may be %j", (id) => {
    expect(messages(RunId, id)).toEqual([]);
  });

  test.each(["", "../x", "a/b", "A", "a.b", "-a", "x".repeat(65)])("may not be %j", (id) => {
    expect(messages(RunId, id)).toEqual(["must be a run id as returned by Forkjoin"]);
  });
});

describe("the name of an agent, check or lock", () => {
  test.each(["test", "my-agent", "db/main", "A1", "unit.fast", "x".repeat(64)])("may be %j", (name) => {
    expect(messages(Name, name)).toEqual([]);
  });

  test.each(["", " a", "__proto__", "-a", "/a", "a b", "a;b", "x".repeat(65)])("may not be %j", (name) => {
    expect(messages(Name, name)).toEqual([
      "must be a name of letters, digits, dot, dash, slash, underscore (64 at most)",
    ]);
  });
});
