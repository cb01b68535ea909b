/** Phase 1.2 — read each proposed task against the schema, give it an id, and say which fields are wrong and how to write them. */
import type { Problem } from "../model/failure.ts";
import { TaskId } from "../model/identifier.ts";
import { TaskInput, type TaskIssue, withoutAliases } from "../model/task.ts";
import { OUTPUT_PARTS } from "../model/task-output.ts";

export type NamedTask = TaskInput & { id: string };

export interface ReadTasks {
  tasks: NamedTask[];
  /** every id in use, those of tasks that have problems too: naming one of them is no second mistake */
  ids: Set<string>;
  problems: Problem[];
}

/** `taken` are the ids of tasks that the run has already: new ones go on counting after them. */
export function readTasks(proposed: unknown[], taken: string[] = []): ReadTasks {
  const tasks: NamedTask[] = [];
  const problems: Problem[] = [];
  const used = [...taken];
  for (const [index, entry] of proposed.entries()) {
    const input = withoutAliases(entry);
    const given = valueAt(input, ["id"]);
    const id = given === undefined ? defaultId(taken.length + index) : TaskId.safeParse(given).data;
    const parsed = TaskInput.safeParse(input);
    if (id !== undefined) used.push(id);
    if (parsed.success && id !== undefined) tasks.push({ ...parsed.data, id });
    else if (!parsed.success)
      problems.push(...parsed.error.issues.flatMap((issue) => toProblems(issue, { index, id, input })));
  }
  return { tasks, ids: new Set(used), problems: [...problems, ...duplicateIds(used)] };
}

/** `task_001` for the first task, as in the specification. */
function defaultId(index: number): string {
  return `task_${String(index + 1).padStart(3, "0")}`;
}

function duplicateIds(used: string[]): Problem[] {
  const repeated = used.filter((id, index) => used.indexOf(id) !== index);
  return [...new Set(repeated)].map((id) => {
    const times = used.filter((other) => other === id).length;
    const message = `tasks: the id ${JSON.stringify(id)} is used ${times} times`;
    return { task_id: id, field: "id", code: "duplicate_id", message, fix: "give every task an id of its own" };
  });
}

interface Place {
  index: number;
  id: string | undefined;
  input: unknown;
}

/** One problem per wrong field: zod reports the keys it does not know all at once. */
function toProblems(issue: TaskIssue, place: Place): Problem[] {
  if (issue.code !== "unrecognized_keys") return [toProblem(issue, issue.path, place)];
  return issue.keys.map((key) => toProblem(issue, [...issue.path, key], place));
}

function toProblem(issue: TaskIssue, path: PropertyKey[], { index, id, input }: Place): Problem {
  const field = `tasks[${index}]${path.map(pathPart).join("")}`;
  const value = valueAt(input, path);
  const shown = value === undefined ? "is missing" : `is ${shorten(JSON.stringify(value))}`;
  const says = issue.code === "unrecognized_keys" ? "is not a field of a task" : issue.message;
  return {
    ...(id === undefined ? {} : { task_id: id }),
    field,
    code: "invalid_field",
    message: `${field} ${shown}: ${says}`,
    fix: fixFor(issue, String(path[0] ?? "")),
  };
}

function pathPart(part: PropertyKey): string {
  return typeof part === "number" ? `[${part}]` : `.${String(part)}`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function fixFor(issue: TaskIssue, field: string): string {
  if (issue.code === "unrecognized_keys") {
    const short = ALIAS_FIX.get(field);
    return short ?? `remove it; a task has ${Object.keys(TaskInput.shape).join(", ")}`;
  }
  if (issue.code === "invalid_value") return `use one of ${issue.values.map(String).join(", ")}`;
  return HOW_TO_WRITE.get(field) ?? "write true or false";
}

const ALIAS_FIX = new Map([
  ["task_id", "it means the same as id: give one of the two"],
  ["files_affected", "it means the same as files: give one of the two"],
  ["estimated_duration", "it means the same as estimated: give one of the two"],
]);

const PATHS =
  "write exact POSIX paths relative to the repository's root, or whole folders as dir/** (200 entries at most)";
const IDS = "write a list of ids of other tasks";
const NAMES = "write a list of names";

const HOW_TO_WRITE = new Map([
  ["", "write a task as an object, at least {description, files}"],
  ["id", "write lower case letters, digits, dots, dashes and underscores, 64 at most"],
  ["title", "write one line of 200 characters at most"],
  ["description", "say in one sentence what to change"],
  ["files", PATHS],
  ["estimated", "write a duration such as 5min or 1h 30m"],
  ["depends_on", IDS],
  ["conflicts_with", IDS],
  ["locks", NAMES],
  ["modifies", PATHS],
  ["agent", "write the name of one configured agent"],
  ["checks", NAMES],
  ["red_checks", NAMES],
  ["instructions", "write how to do it, in sentences"],
  ["closes", "write numbers of issues"],
  ["outputs", `write a list of ${OUTPUT_PARTS.join(", ")}`],
  ["pools", "write the units it needs of each pool, for example {cpu: 1}"],
  ["priority", "write a whole number from -1000 to 1000"],
  ["command", "write the program and its arguments as a list of strings; no shell reads them"],
]);
