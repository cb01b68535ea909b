/** Phase 1 — turn what the client or a file proposes into a list of atomic tasks, each with a boundary, or say everything that is wrong with it. */
import { taskBoundary } from "../boundary/task-boundary.ts";
import { formatDuration } from "../model/duration.ts";
import { type Failure, failure, type Problem } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunSettings } from "../model/run.ts";
import { estimateOf, type Task } from "../model/task.ts";
import { MAX_TASKS, type TaskList } from "../model/task-list.ts";
import { atomicityProblems, atomicitySuggestions } from "./atomicity.ts";
import { categorise } from "./categorise.ts";
import type { Links } from "./links.ts";
import { type NamedTask, readTasks } from "./read-tasks.ts";
import { referenceProblems } from "./reference-problems.ts";
import { scopeProblems } from "./scope-problems.ts";
import { scopeSuggestions } from "./scope-suggestions.ts";

export interface DecomposeRequest {
  /** as the client or a YAML file wrote them */
  tasks: unknown[];
  settings: RunSettings;
  /** tasks that the run has already: the list that comes back begins with them */
  existing?: Task[];
  /** every path of the base commit with its git mode */
  baseFiles: Map<string, { mode: string }>;
  /** paths that git-lfs keeps elsewhere */
  lfsPaths: Set<string>;
  /** symbolic links of the base commit */
  links?: Links;
}

/** The task list, or one `invalid_tasks` failure whose `problems` name each field, its value and its cure. */
export function decompose(request: DecomposeRequest): Result<TaskList> {
  const { existing = [] } = request;
  if (request.tasks.length === 0) return err(NO_TASKS);
  if (existing.length + request.tasks.length > MAX_TASKS) return err(tooMany(existing.length + request.tasks.length));
  const ids = existing.map((task) => task.id);
  const read = readTasks(request.tasks, ids);
  const problems: Problem[] = [
    ...read.problems,
    ...referenceProblems(read, request.settings),
    ...scopeProblems(read.tasks, request.baseFiles, request.lfsPaths, request.links),
    ...atomicityProblems(read.tasks),
  ];
  if (problems.length > 0) return err(invalid(problems));
  const list = taskListOf([...existing, ...read.tasks.map((input) => toTask(input, request.baseFiles))]);
  return ok({ ...list, suggestions: [...list.suggestions, ...scopeSuggestions(list.tasks, request.baseFiles)] });
}

/** The list of these tasks, with what follows from them. */
export function taskListOf(tasks: Task[]): TaskList {
  const total = tasks.reduce((sum, task) => sum + task.estimated_ms, 0);
  return {
    tasks,
    boundaries: tasks.map(taskBoundary),
    total_tasks: tasks.length,
    estimated_total_time_sequential: formatDuration(total),
    estimated_total_time_sequential_ms: total,
    suggestions: atomicitySuggestions(tasks),
  };
}

/** Lists are sets: what an author wrote twice is there once. */
function toTask(input: NamedTask, baseFiles: Map<string, unknown>): Task {
  const { estimated: _, category, ...rest } = input;
  return {
    ...rest,
    files: once(input.files),
    depends_on: once(input.depends_on),
    conflicts_with: once(input.conflicts_with),
    locks: once(input.locks),
    modifies: once(input.modifies),
    checks: once(input.checks),
    ...estimateOf(input),
    category: category ?? categorise(input, baseFiles),
  };
}

function once(entries: string[]): string[] {
  return [...new Set(entries)];
}

function invalid(problems: Problem[]): Failure {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const base = failure("invalid_tasks", `${first?.message ?? ""}${more}`, first?.fix ?? "");
  return { ...base, problems };
}

const NO_TASKS = failure(
  "invalid_tasks",
  "tasks: the list is empty",
  "give at least one task with a description and the files it may change",
);

function tooMany(count: number): Failure {
  return failure(
    "invalid_tasks",
    `tasks: ${count} tasks, at most ${MAX_TASKS} are accepted`,
    "split the work into several runs",
  );
}
