import { expect, test } from "vitest";
import { listOf, problemsOf } from "../sample-plan.ts";

const GOOD = { description: "Change it", files: ["a.ts"] };
const AGENT = { command: ["agent"], env: [], timeout: "30min" };
const CHECK = { command: ["npm", "test"], env: [], timeout: "10min" };

test("a task that depends on itself, or conflicts with itself", () => {
  expect(problemsOf([{ ...GOOD, id: "a", depends_on: ["a"], conflicts_with: ["a"] }])).toEqual(
    ["depends_on", "conflicts_with"].map((field) => ({
      ...{ task_id: "a", field, code: "self_reference", fix: "remove it" },
      message: `task a: ${field} names the task itself`,
    })),
  );
});

test("a task that is not in the list is named once, with at most ten known ids", () => {
  const known = Array.from({ length: 11 }, (_, index) => ({ ...GOOD, id: `t${index}` }));
  expect(problemsOf([...known, { ...GOOD, id: "a", conflicts_with: ["zzz", "zzz"] }])).toEqual([
    {
      task_id: "a",
      field: "conflicts_with",
      code: "unknown_task",
      message: 'task a: conflicts_with names "zzz", which is no task',
      fix: "known ids: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, … (12 in all)",
    },
  ]);
});

test("a dependency on a task that has problems of its own is no second problem", () => {
  const tasks = [
    { ...GOOD, id: "a", risk_level: "none" },
    { ...GOOD, id: "b", depends_on: ["a"] },
  ];
  expect(problemsOf(tasks).map((problem) => problem.code)).toEqual(["invalid_field"]);
});

test("an agent that is not configured", () => {
  const tasks = [{ ...GOOD, id: "a", agent: "claude" }];
  const shape = { task_id: "a", field: "agent", code: "unknown_agent" };
  const message = 'task a: agent names "claude", which is not configured';
  expect(problemsOf(tasks)).toEqual([{ ...shape, message, fix: "known agents: client" }]);
  expect(problemsOf(tasks, { settings: { agents: { mine: AGENT, yours: AGENT } } })).toEqual([
    { ...shape, message, fix: "known agents: mine, yours, client" },
  ]);
});

test("checks that are not configured, each by its name", () => {
  const tasks = [{ ...GOOD, id: "a", checks: ["lint", "test", "types"] }];
  expect(problemsOf(tasks, { settings: { checks: { test: CHECK } } })).toEqual(
    ["lint", "types"].map((name) => ({
      ...{ task_id: "a", field: "checks", code: "unknown_check", fix: "known checks: test" },
      message: `task a: checks names "${name}", which is not configured`,
    })),
  );
});

test("names that every object inherits are not configured either", () => {
  const problems = problemsOf([{ ...GOOD, agent: "constructor", checks: ["toString"] }]);
  expect(problems.map((problem) => problem.code)).toEqual(["unknown_agent", "unknown_check"]);
});

test("a task's own command, only where the operator allows it", () => {
  const tasks = [{ ...GOOD, id: "a", command: ["npx", "jscodeshift"] }];
  expect(problemsOf(tasks)).toEqual([
    {
      task_id: "a",
      field: "command",
      code: "command_not_allowed",
      message: "task a: command is set, and tasks may not carry commands here",
      fix: "remove it, or set allow_task_commands: true in the operator's configuration",
    },
  ]);
  const [task] = listOf(tasks, { settings: { allow_task_commands: true } }).tasks;
  expect(task?.command).toEqual(["npx", "jscodeshift"]);
});

test("a task may conflict with its own dependency: it says the same twice", () => {
  const tasks = [
    { ...GOOD, id: "a" },
    { ...GOOD, id: "b", depends_on: ["a"], conflicts_with: ["a"] },
  ];
  expect(listOf(tasks).total_tasks).toEqual(2);
});

test("a pool that is not configured, and a task larger than its pool", () => {
  const tasks = [{ ...GOOD, id: "a", pools: { gpu: 1, cpu: 3 } }];
  expect(problemsOf(tasks, { settings: { pools: { cpu: 2 } } })).toEqual([
    {
      ...{ task_id: "a", field: "pools", code: "unknown_pool", fix: "known pools: cpu" },
      message: 'task a: pools names "gpu", which is not configured',
    },
    {
      ...{ task_id: "a", field: "pools", code: "pool_too_small", fix: "ask for at most 2, or raise pools.cpu" },
      message: 'task a: pools asks for 3 of "cpu", which has 2',
    },
  ]);
  expect(problemsOf([{ ...GOOD, pools: { constructor: 1 } }]).map((problem) => problem.code)).toEqual(["unknown_pool"]);
});

test("a demand and a priority that are no whole numbers in range", () => {
  const problems = problemsOf([{ ...GOOD, id: "a", pools: { cpu: 0 }, priority: 1.5 }]);
  expect(problems.map(({ field, fix }) => [field, fix])).toEqual([
    ["tasks[0].pools.cpu", "write the units it needs of each pool, for example {cpu: 1}"],
    ["tasks[0].priority", "write a whole number from -1000 to 1000"],
  ]);
});
