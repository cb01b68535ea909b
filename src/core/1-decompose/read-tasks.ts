/** Phase 1.2 — read each proposed task against the schema, give it an id, and say which fields are wrong and how to write them. */
import type { z } from "zod";
import type { Problem } from "../model/failure.ts";
import { TaskInput, withoutAliases } from "../model/task.ts";

export type NamedTask = TaskInput & { id: string };

export function readTasks(proposed: unknown[]): { tasks: NamedTask[]; problems: Problem[] } {
  const tasks: NamedTask[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of proposed.entries()) {
    const input = withoutAliases(entry);
    const parsed = TaskInput.safeParse(input);
    const id = parsed.success && parsed.data.id !== undefined ? parsed.data.id : defaultId(index);
    if (parsed.success) tasks.push({ ...parsed.data, id });
    else problems.push(...parsed.error.issues.map((issue) => toProblem(issue, index, input)));
  }
  return { tasks, problems: [...problems, ...duplicateIds(tasks)] };
}

/** `task_001` for the first task, as in the specification. */
function defaultId(index: number): string {
  return `task_${String(index + 1).padStart(3, "0")}`;
}

function duplicateIds(tasks: NamedTask[]): Problem[] {
  const seen = new Set<string>();
  return tasks.flatMap((task) => {
    if (!seen.has(task.id)) {
      seen.add(task.id);
      return [];
    }
    const message = `tasks: the id ${JSON.stringify(task.id)} is used twice`;
    return [{ task_id: task.id, field: "id", code: "duplicate_id", message, fix: "give every task an id of its own" }];
  });
}

function toProblem(issue: z.core.$ZodIssue, index: number, input: unknown): Problem {
  const field = `tasks[${index}]${issue.path.map(pathPart).join("")}`;
  const value = valueAt(input, issue.path);
  const shown = value === undefined ? "is missing" : `is ${shorten(JSON.stringify(value))}`;
  return { field, code: "invalid_field", message: `${field} ${shown}: ${issue.message}`, fix: fixFor(issue, field) };
}

function pathPart(part: PropertyKey): string {
  return typeof part === "number" ? `[${part}]` : `.${String(part)}`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function fixFor(issue: z.core.$ZodIssue, field: string): string {
  const leaf = String(issue.path.at(-1) ?? "");
  if (issue.code === "unrecognized_keys") return `remove it; a task has ${Object.keys(TaskInput.shape).join(", ")}`;
  if (issue.code === "invalid_value") return `use one of ${issue.values.map(String).join(", ")}`;
  if (issue.path.includes("files") || issue.path.includes("modifies")) {
    return "write exact POSIX paths relative to the repository's root, or whole folders as dir/**";
  }
  if (leaf === "estimated") return "write a duration such as 5min or 1h 30m";
  if (leaf === "id") return "write lower case letters, digits, dots, dashes and underscores, 64 at most";
  return `correct ${field}`;
}
