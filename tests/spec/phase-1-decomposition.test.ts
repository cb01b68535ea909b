/** PHASE 1 of the specification, clause by clause. */
import { describe, expect, test } from "vitest";
import { PHASE_BOUNDARIES } from "../../src/core/boundary/phase-boundaries.ts";
import { TaskList } from "../../src/core/model/task-list.ts";
import { listOf, problemsOf } from "../core/sample-plan.ts";

const VALIDATOR = {
  task_id: "task_001",
  description: "Update validation logic in utils/validator.py",
  files_affected: ["utils/validator.py"],
  estimated_duration: "5min",
  risk_level: "low",
};
const TEXT = "100644";

describe("PHASE 1: Task Decomposition", () => {
  test("Task Boundary Declaration: DECOMPOSITION, ACCESS: read_only", () => {
    expect(PHASE_BOUNDARIES.phase_1_decompose).toEqual({
      task_boundary: "DECOMPOSITION",
      access: "read_only",
      scope: [expect.any(String)],
    });
  });

  describe("1.1. Identify All Tasks", () => {
    test("List all changes needed: each proposed change is one task, in its order", () => {
      const changes = ["login", "logout", "tokens"].map((name) => ({ description: name, files: [`auth/${name}.py`] }));
      expect(listOf(changes).tasks.map((task) => [task.id, task.description])).toEqual([
        ["task_001", "login"],
        ["task_002", "logout"],
        ["task_003", "tokens"],
      ]);
    });

    test("Break into file-level tasks: every task names the files it may change", () => {
      expect(listOf([VALIDATOR]).boundaries).toEqual([
        { task_boundary: "task_001", access: "write", scope: ["utils/validator.py"] },
      ]);
    });

    test("Identify cross-cutting concerns: a task over many files is pointed out", () => {
      const files = Array.from({ length: 11 }, (_, index) => `src/module_${index}.py`);
      expect(listOf([{ id: "rename-everywhere", description: "Rename the logger", files }]).suggestions).toEqual([
        { message: "task rename-everywhere names 11 paths: smaller scopes run in parallel more often" },
      ]);
    });
  });

  test("1.2. Define Task Boundaries: the specification's own task is read as it stands", () => {
    expect(listOf([VALIDATOR], { base: { "utils/validator.py": TEXT } }).tasks).toEqual([
      {
        id: "task_001",
        description: "Update validation logic in utils/validator.py",
        files: ["utils/validator.py"],
        estimated: "5min",
        estimated_ms: 300_000,
        risk_level: "low",
        category: "modification",
        depends_on: [],
        conflicts_with: [],
        locks: [],
        modifies: [],
        critical: false,
        access: "write",
        checks: [],
        allow_empty: false,
      },
    ]);
  });

  test.each([
    ["File modifications", "utils/validator.py", "modification"],
    ["New file creations", "utils/parser.py", "creation"],
    ["Test additions", "tests/unit/test_auth.py", "test"],
    ["Documentation updates", "docs/auth.md", "documentation"],
    ["Configuration changes", "config/settings.yaml", "configuration"],
  ])("1.3. Categorize Tasks: %s", (_, file, category) => {
    const [task] = listOf([{ description: "Do it", files: [file] }], { base: { "utils/validator.py": TEXT } }).tasks;
    expect(task?.category).toEqual(category);
  });

  test("Output: $task_list with tasks, total_tasks and estimated_total_time_sequential", () => {
    const list = listOf([
      { id: "task_001", description: "First", files: ["a.py"], estimated: "25min" },
      { id: "task_002", description: "Second", files: ["b.py"], estimated: "30min" },
      { id: "task_003", description: "Third", files: ["c.py"], estimated: "10min 30s" },
    ]);
    expect(TaskList.parse(JSON.parse(JSON.stringify(list)))).toEqual(list);
    expect({ ...list, tasks: list.tasks.length, boundaries: list.boundaries.length }).toEqual({
      tasks: 3,
      boundaries: 3,
      total_tasks: 3,
      estimated_total_time_sequential: "1h 5min 30s",
      estimated_total_time_sequential_ms: 3_930_000,
      suggestions: [],
    });
  });

  describe("Validation", () => {
    test("Each task is atomic (one logical change): a list of steps is pointed out", () => {
      const description = "Improve login:\n- add a limit\n- add a log line\n";
      expect(listOf([{ id: "login", description, files: ["auth/login.py"] }]).suggestions).toEqual([
        { message: "task login lists 2 steps: if they are separate changes, make them separate tasks" },
      ]);
    });

    test("Each task has defined file scope", () => {
      expect(problemsOf([{ id: "vague", description: "Make it better" }])).toEqual([
        {
          task_id: "vague",
          field: "files",
          code: "missing_scope",
          message: "task vague: files is empty, so the task could change nothing",
          fix: "declare the paths it may change, or set access: read_only",
        },
      ]);
      expect(listOf([{ id: "look", description: "Read it", access: "read_only" }]).total_tasks).toEqual(1);
    });

    test("No task too large (>30min estimated)", () => {
      const task = { id: "huge", description: "All of it", files: ["src/**"] };
      expect(listOf([{ ...task, estimated: "30min" }]).tasks.map((one) => one.estimated_ms)).toEqual([1_800_000]);
      expect(problemsOf([{ ...task, estimated: "31min" }])).toEqual([
        {
          task_id: "huge",
          field: "estimated",
          code: "task_too_large",
          message: "task huge: estimated is 31min, at most 30min is accepted",
          fix: "split it into 2 tasks of about 16min each, linked by depends_on",
        },
      ]);
    });
  });
});
