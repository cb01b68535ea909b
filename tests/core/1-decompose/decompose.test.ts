import { describe, expect, test } from "vitest";
import { decompose } from "../../../src/core/1-decompose/decompose.ts";
import { MAX_TASKS } from "../../../src/core/model/task-list.ts";
import { listOf, problemsOf, refused, request } from "../sample-plan.ts";

const GOOD = { description: "Change it", files: ["a.ts"] };

describe("the number of tasks", () => {
  test("none at all is refused", () => {
    expect(refused(decompose(request([])))).toEqual({
      code: "invalid_tasks",
      message: "tasks: the list is empty",
      hint: "give at least one task with a description and the files it may change",
    });
  });

  test(`${MAX_TASKS} are accepted, one more is refused`, () => {
    const many = Array.from({ length: MAX_TASKS }, () => GOOD);
    expect(listOf(many).total_tasks).toEqual(MAX_TASKS);
    expect(refused(decompose(request([...many, GOOD])))).toEqual({
      code: "invalid_tasks",
      message: "tasks: 1001 tasks, at most 1000 are accepted",
      hint: "split the work into several runs",
    });
  });
});

describe("several problems at once", () => {
  const entries = [
    { ...GOOD, id: "a", critical: "yes" },
    { ...GOOD, id: "b", depends_on: ["a", "zzz"], estimated: "2h" },
    { id: "c", description: "No files" },
  ];

  test("all of them are listed, form first, then names, scopes and sizes", () => {
    expect(problemsOf(entries).map(({ task_id, field, code }) => [task_id, field, code])).toEqual([
      ["a", "tasks[0].critical", "invalid_field"],
      ["b", "depends_on", "unknown_task"],
      ["c", "files", "missing_scope"],
      ["b", "estimated", "task_too_large"],
    ]);
  });

  test("the failure itself carries the first and counts the rest", () => {
    const { code, message, hint } = refused(decompose(request(entries)));
    expect({ code, message, hint }).toEqual({
      code: "invalid_tasks",
      message: 'tasks[0].critical is "yes": Invalid input: expected boolean, received string (and 3 more)',
      hint: "write true or false",
    });
  });
});

describe("what an author wrote twice is there once", () => {
  test("in every list of a task", () => {
    const base = { ...GOOD, id: "a" };
    const twice = {
      ...{ id: "b", description: "Change it", files: ["b.ts", "b.ts", "src/**"], depends_on: ["a", "a"] },
      ...{ conflicts_with: ["a", "a"], locks: ["db", "db"], modifies: ["b.ts#x", "b.ts#x"], checks: ["unit", "unit"] },
    };
    const check = { command: ["true"], env: [], timeout: "1min" };
    const [, task] = listOf([base, twice], { settings: { checks: { unit: check } } }).tasks;
    expect(task).toEqual({
      ...{ id: "b", description: "Change it", files: ["b.ts", "src/**"], depends_on: ["a"], conflicts_with: ["a"] },
      ...{ locks: ["db"], modifies: ["b.ts#x"], checks: ["unit"], estimated: "10min", estimated_ms: 600_000 },
      ...{ risk_level: "low", category: "modification", critical: false, access: "write", allow_empty: false },
    });
  });
});

test("an author's own category stays, whatever the files say", () => {
  expect(listOf([{ ...GOOD, files: ["docs/a.md"], category: "test" }]).tasks.map((task) => task.category)).toEqual([
    "test",
  ]);
});

test("the same input gives the same bytes", () => {
  const entries = [
    { ...GOOD, id: "2" },
    { ...GOOD, id: "1", locks: ["10", "9"] },
  ];
  expect(JSON.stringify(listOf(entries))).toEqual(JSON.stringify(listOf(structuredClone(entries))));
});

test("ids that look like numbers keep the order of the list", () => {
  const list = listOf(["10", "2", "1", "constructor"].map((id) => ({ ...GOOD, id })));
  expect(list.tasks.map((task) => task.id)).toEqual(["10", "2", "1", "constructor"]);
  expect(list.boundaries.map((boundary) => boundary.task_boundary)).toEqual(["10", "2", "1", "constructor"]);
});
