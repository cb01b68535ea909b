import { describe, expect, test } from "vitest";
import { readCondition } from "../../../src/core/0-knowledge/read-condition.ts";

describe("readCondition", () => {
  test.each([
    ["task_type == 'a'", [{ field: "task_type", values: ["a"] }]],
    [
      "  task_type=='a' OR task_type == \"b c\" ",
      [
        { field: "task_type", values: ["a"] },
        { field: "task_type", values: ["b c"] },
      ],
    ],
    ["primary_agent IN ['x','y']", [{ field: "primary_agent", values: ["x", "y"] }]],
    ["primary_agent IN [ 'x' , \"it's\" ]", [{ field: "primary_agent", values: ["x", "it's"] }]],
    ["task_type == 'a OR b'", [{ field: "task_type", values: ["a OR b"] }]],
    [
      "primary_agent IN ['x'] OR task_type == 'a'",
      [
        { field: "primary_agent", values: ["x"] },
        { field: "task_type", values: ["a"] },
      ],
    ],
  ])("reads %s", (condition, terms) => {
    expect(readCondition(condition)).toEqual(terms);
  });

  test.each([
    "",
    "task_type",
    "task_type == a",
    "task_type = 'a'",
    "task_type == 'a' AND primary_agent == 'b'",
    "task_type == 'a' OR",
    "task_type == 'a' ORtask_type == 'b'",
    "primary_agent IN []",
    "primary_agent IN ['a',]",
    "primary_agent IN ['a'",
    "files IN ['a']",
    "process.exit()",
    "task_type == 'a'; drop",
  ])("another grammar is not read: %j", (condition) => {
    expect(readCondition(condition)).toEqual(undefined);
  });

  test("a long hostile condition is refused at once", () => {
    expect(readCondition(`primary_agent IN [${"'a', ".repeat(200_000)}`)).toEqual(undefined);
    expect(readCondition(`${" ".repeat(200_000)}x`)).toEqual(undefined);
  });
});
