/** PARALLELIZATION PATTERNS 1 to 4 — one change over many files, as atomic tasks whose scopes do not meet. */
import { type Failure, failure } from "../../model/failure.ts";
import { err, ok, type Result } from "../../model/result.ts";
import type { Category, TaskInput } from "../../model/task.ts";
import { MAX_TASKS } from "../../model/task-list.ts";
import { MOST_PER_TASK, type PatternKind, type WorkPattern } from "../../model/work-pattern.ts";
import type { BaseSurvey } from "./base-survey.ts";
import { countBelow, coverScopes } from "./cover-scopes.ts";
import { fileEstimate, groupMinutes } from "./estimate-files.ts";
import { type FileGroup, groupFiles } from "./group-files.ts";
import { selectFiles } from "./select-files.ts";
import { taskIds } from "./task-ids.ts";

const CATEGORIES: Partial<Record<PatternKind, Category>> = { test: "test", docs: "documentation" };

export type ProposedTask = Pick<TaskInput, "description" | "files" | "estimated"> & Partial<TaskInput>;

/** As a client would have written them: phase 1 judges them like any others. */
export async function tasksFromPattern(pattern: WorkPattern, base: BaseSurvey): Promise<Result<ProposedTask[]>> {
  const mistake = patternMistake(pattern);
  if (mistake !== undefined) return err(mistake);
  const selected = selectFiles(pattern, base);
  if (!selected.ok) return selected;
  const files = selected.value;
  const figures = await base.figures(files);
  const byCommand = pattern.command !== undefined;
  const limit = {
    ms: (path: string) => fileEstimate(path, figures, byCommand),
    most_files: MOST_PER_TASK,
    most_ms: pattern.minutes * 60_000,
  };
  const groups = await groupFiles({ pattern, files, limit }, base);
  if (groups.length > MAX_TASKS) return err(tooMany(groups.length, pattern));
  const ids = taskIds(groups.map((group) => group.name));
  const tracked = countBelow(base.paths);
  return ok(
    groups.map((group, index) => ({
      id: ids[index],
      description: describe(pattern, group),
      files: pattern.kind === "module" ? coverScopes(group.files, tracked) : group.files,
      estimated: `${groupMinutes(group.files, figures, byCommand)}min`,
      ...categoryOf(pattern),
      ...commandOf(pattern, group),
    })),
  );
}

function patternMistake({ kind, by, per_task, command }: WorkPattern): Failure | undefined {
  if (by === "coupling" && kind !== "module") {
    return failure("invalid_tasks", `pattern.by coupling goes with kind module, not ${kind}`, "leave `by` out");
  }
  if (per_task !== undefined && kind === "module") {
    return failure("invalid_tasks", "pattern.per_task goes with kind file, test or docs", "leave `per_task` out");
  }
  const single = kind !== "module" && (per_task ?? 1) === 1;
  if (command?.some((word) => word.includes("{file}")) && !single) {
    const hint = "write {files} as a word of its own: it becomes all paths of the task";
    return failure("invalid_tasks", "pattern.command uses {file}, but a task may have several files", hint);
  }
  const inside = command?.find((word) => word.includes("{files}") && word !== "{files}");
  if (inside === undefined) return undefined;
  const hint = "write {files} as a word of its own; for one file per task, {file} may stand inside a word";
  return failure("invalid_tasks", `pattern.command has {files} inside the word ${JSON.stringify(inside)}`, hint);
}

function describe({ description, kind }: WorkPattern, { name, files }: FileGroup): string {
  const shown = files.length <= 5 ? files.join(", ") : `${files.slice(0, 4).join(", ")} and ${files.length - 4} more`;
  if (description.includes("{files}")) return description.replaceAll("{files}", shown);
  const where = kind === "module" && !files.includes(name) ? `${name} (${files.length} files)` : shown;
  return `${description}: ${where}`;
}

function categoryOf({ kind }: WorkPattern): { category?: Category } {
  const category = CATEGORIES[kind];
  return category === undefined ? {} : { category };
}

function commandOf({ command }: WorkPattern, { files }: FileGroup): { command?: string[] } {
  if (command === undefined) return {};
  const [only = ""] = files;
  return {
    command: command.flatMap((word) => (word === "{files}" ? files : [word.replaceAll("{file}", only)])),
  };
}

function tooMany(count: number, { kind }: WorkPattern): Failure {
  const hint = kind === "module" ? "narrow pattern.include" : "narrow pattern.include, or raise pattern.per_task";
  return failure("invalid_tasks", `pattern: it makes ${count} tasks, at most ${MAX_TASKS} are accepted`, hint);
}
