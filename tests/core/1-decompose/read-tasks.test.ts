import { describe, expect, test } from "vitest";
import { readTasks } from "../../../src/core/1-decompose/read-tasks.ts";

const GOOD = { description: "Change it", files: ["a.ts"] };
const PATHS =
  "write exact POSIX paths relative to the repository's root, or whole folders as dir/** (200 entries at most)";
const FIELDS =
  "id, title, description, files, estimated, risk_level, category, depends_on, conflicts_with, locks, modifies, critical, access, agent, checks, instructions, closes, red_checks, outputs, allow_empty, command, pools, priority";

describe("ids", () => {
  test("a task without one gets the number of its place", () => {
    const { tasks } = readTasks([GOOD, { ...GOOD, id: "own" }, GOOD]);
    expect(tasks.map((task) => task.id)).toEqual(["task_001", "own", "task_003"]);
  });

  test("the thousandth place has four digits", () => {
    expect(readTasks(Array.from({ length: 1_000 }, () => GOOD)).tasks.at(-1)?.id).toEqual("task_1000");
  });

  test("one used several times is one problem", () => {
    const { problems } = readTasks([{ ...GOOD, id: "a" }, GOOD, { ...GOOD, id: "a" }, { ...GOOD, task_id: "a" }]);
    expect(problems).toEqual([
      {
        task_id: "a",
        field: "id",
        code: "duplicate_id",
        message: 'tasks: the id "a" is used 3 times',
        fix: "give every task an id of its own",
      },
    ]);
  });

  test("a given id that equals another task's default is a duplicate", () => {
    expect(readTasks([{ ...GOOD, id: "task_002" }, GOOD]).problems.map((problem) => problem.message)).toEqual([
      'tasks: the id "task_002" is used 2 times',
    ]);
  });

  test("names that every object inherits are ids like any other", () => {
    const ids = ["constructor", "tostring", "valueof", "1", "0"];
    expect(readTasks(ids.map((id) => ({ ...GOOD, id }))).tasks.map((task) => task.id)).toEqual(ids);
  });

  test("a task that has problems keeps its id for those who need it", () => {
    expect([...readTasks([{ ...GOOD, id: "a", estimated: "soon" }, { id: "b" }, "text"]).ids]).toEqual([
      ...["a", "b", "task_003"],
    ]);
  });
});

describe("a field that is wrong", () => {
  test.each([
    [
      "a path upwards",
      { ...GOOD, files: ["ok.ts", "../x"] },
      'tasks[0].files[1] is "../x": "../x" leaves the repository with ..',
      PATHS,
    ],
    [
      "a path under its long name",
      { description: "x", files_affected: ["/etc"] },
      'tasks[0].files[0] is "/etc": "/etc" is absolute; write it relative to the repository\'s root',
      PATHS,
    ],
    [
      "one path instead of a list",
      { ...GOOD, files: "a.ts" },
      'tasks[0].files is "a.ts": Invalid input: expected array, received string',
      PATHS,
    ],
    [
      "a symbol that is none",
      { ...GOOD, modifies: ["a.ts#1"] },
      'tasks[0].modifies[0] is "a.ts#1": "a.ts#1" names a symbol that is no identifier',
      PATHS,
    ],
    [
      "an estimate",
      { ...GOOD, estimated: "soon" },
      'tasks[0].estimated is "soon": must be a duration such as 90s, 5min or 1h 30m, of at most 7 days',
      "write a duration such as 5min or 1h 30m",
    ],
    [
      "a risk",
      { ...GOOD, risk_level: "extreme" },
      'tasks[0].risk_level is "extreme": Invalid option: expected one of "low"|"medium"|"high"',
      "use one of low, medium, high",
    ],
    [
      "an access of phases",
      { ...GOOD, access: "write (distributed)" },
      'tasks[0].access is "write (distributed)": Invalid option: expected one of "write"|"read_only"|"read_only+test_execution"',
      "use one of write, read_only, read_only+test_execution",
    ],
    [
      "no description",
      { files: ["a.ts"] },
      "tasks[0].description is missing: Invalid input: expected string, received undefined",
      "say in one sentence what to change",
    ],
    [
      "a blank description",
      { ...GOOD, description: "  " },
      'tasks[0].description is "  ": Too small: expected string to have >=1 characters',
      "say in one sentence what to change",
    ],
    [
      "a dependency that is no id",
      { ...GOOD, depends_on: ["Task A"] },
      'tasks[0].depends_on[0] is "Task A": must match ^[a-z0-9][a-z0-9._-]{0,63}$ (lower case letters, digits, dot, dash, underscore)',
      "write a list of ids of other tasks",
    ],
    [
      "a flag",
      { ...GOOD, critical: "yes" },
      'tasks[0].critical is "yes": Invalid input: expected boolean, received string',
      "write true or false",
    ],
    [
      "a command in one line",
      { ...GOOD, command: "npm test" },
      'tasks[0].command is "npm test": Invalid input: expected array, received string',
      "write the program and its arguments as a list of strings; no shell reads them",
    ],
    [
      "a lock",
      { ...GOOD, locks: ["the db"] },
      'tasks[0].locks[0] is "the db": must be a name of letters, digits, dot, dash, slash, underscore (64 at most)',
      "write a list of names",
    ],
    [
      "an unknown field",
      { ...GOOD, urgency: 9 },
      "tasks[0].urgency is 9: is not a field of a task",
      `remove it; a task has ${FIELDS}`,
    ],
    [
      "both names of one field",
      { ...GOOD, files_affected: ["b.ts"] },
      'tasks[0].files_affected is ["b.ts"]: is not a field of a task',
      "it means the same as files: give one of the two",
    ],
    [
      "text instead of a task",
      "add logging",
      'tasks[0] is "add logging": Invalid input: expected object, received string',
      "write a task as an object, at least {description, files}",
    ],
    [
      "nothing instead of a task",
      null,
      "tasks[0] is null: Invalid input: expected object, received null",
      "write a task as an object, at least {description, files}",
    ],
  ])("%s: the message names field and value, the fix how to write it", (_, entry, message, fix) => {
    const { problems } = readTasks([entry]);
    expect(problems.map((problem) => [problem.task_id, problem.code, problem.message, problem.fix])).toEqual([
      ["task_001", "invalid_field", message, fix],
    ]);
  });

  test("an id that is wrong is named by its place, and no other id is made up for it", () => {
    const { problems, ids } = readTasks([{ ...GOOD, id: "Add Logging" }]);
    expect({ problems, ids: [...ids] }).toEqual({
      problems: [
        {
          field: "tasks[0].id",
          code: "invalid_field",
          message:
            'tasks[0].id is "Add Logging": must match ^[a-z0-9][a-z0-9._-]{0,63}$ (lower case letters, digits, dot, dash, underscore)',
          fix: "write lower case letters, digits, dots, dashes and underscores, 64 at most",
        },
      ],
      ids: [],
    });
  });

  test("a long value is shown shortened", () => {
    const [problem] = readTasks([{ ...GOOD, risk_level: "x".repeat(500) }]).problems;
    expect(problem?.message).toEqual(
      `tasks[0].risk_level is "${"x".repeat(76)}…: Invalid option: expected one of "low"|"medium"|"high"`,
    );
  });

  test("every wrong field of every task is reported at once", () => {
    const entries = [
      { ...GOOD, critical: 1, extra: 1, more: 2 },
      GOOD,
      { description: "", files: [".git/config", "a/"] },
    ];
    expect(readTasks(entries).problems.map(({ task_id, field }) => [task_id, field])).toEqual([
      ["task_001", "tasks[0].critical"],
      ["task_001", "tasks[0].extra"],
      ["task_001", "tasks[0].more"],
      ["task_003", "tasks[2].description"],
      ["task_003", "tasks[2].files[0]"],
      ["task_003", "tasks[2].files[1]"],
    ]);
  });
});
