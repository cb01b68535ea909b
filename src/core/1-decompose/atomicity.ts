/** Phase 1 validation — one logical change a task, none over 30 minutes; a task that breaks this comes back with a proposal for the split. */
import { formatDuration, parseDuration } from "../model/duration.ts";
import type { Problem } from "../model/failure.ts";
import { MAX_TASK_MS, type Task } from "../model/task.ts";
import type { Suggestion } from "../model/task-list.ts";
import type { NamedTask } from "./read-tasks.ts";

const LIST_MARK = /^\s*(?:[-*•]|\d+[.)])\s+/;
const MANY_FILES = 10;
const SHOWN_FILES = 5;

/** Tasks over 30 minutes are refused; the fix is a split by files where there are several. */
export function atomicityProblems(tasks: NamedTask[]): Problem[] {
  return tasks.flatMap((task) => {
    const ms = parseDuration(task.estimated) ?? 0;
    if (ms <= MAX_TASK_MS) return [];
    const message = `task ${task.id}: estimated is ${task.estimated.trim()}, at most ${formatDuration(MAX_TASK_MS)} is accepted`;
    return [{ task_id: task.id, field: "estimated", code: "task_too_large", message, fix: splitProposal(task, ms) }];
  });
}

function splitProposal(task: NamedTask, ms: number): string {
  const parts = Math.ceil(ms / MAX_TASK_MS);
  const each = formatDuration(Math.ceil(ms / parts / 60_000) * 60_000);
  if (task.files.length < parts) return `split it into ${parts} tasks of about ${each} each, linked by depends_on`;
  const lines = grouped(task.files, parts).map(
    (files, index) => `${task.id.slice(0, 60)}-${index + 1} (${each}): ${listed(files)}`,
  );
  return `split it by files, for example: ${lines.join("; ")}`;
}

/** `files` in order, cut into `count` groups whose sizes differ by one at most. */
function grouped(files: string[], count: number): string[][] {
  return Array.from({ length: count }, (_, index) =>
    files.slice(Math.floor((index * files.length) / count), Math.floor(((index + 1) * files.length) / count)),
  );
}

function listed(files: string[]): string {
  if (files.length <= SHOWN_FILES) return files.join(", ");
  return `${files[0]} … ${files.at(-1)} (${files.length} paths in their order)`;
}

/** Suggestions for tasks that look like more than one logical change: said, not refused, because only the author knows. */
export function atomicitySuggestions(tasks: Task[]): Suggestion[] {
  return tasks.flatMap((task) => {
    const steps = task.description.split("\n").filter((line) => LIST_MARK.test(line)).length;
    if (steps > 1) {
      return [
        { message: `task ${task.id} lists ${steps} steps: if they are separate changes, make them separate tasks` },
      ];
    }
    if (task.files.length > MANY_FILES) {
      return [
        { message: `task ${task.id} names ${task.files.length} paths: smaller scopes run in parallel more often` },
      ];
    }
    return [];
  });
}
