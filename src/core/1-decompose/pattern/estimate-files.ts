/** Phase 1.2 — how long a change to a file may take: by its size, more where history says that it is touched again and again. */
import { MAX_TASK_MS } from "../../model/task.ts";

const MINUTE_MS = 60_000;
const BASE_MS = 2 * MINUTE_MS;
/** about a hundred lines */
const BYTES_A_MINUTE = 4_000;
const OFTEN_CHANGED = 20;
const COMMAND_MS = 5_000;
const UNKNOWN_BYTES = 4 * BYTES_A_MINUTE;

export interface FileFigures {
  /** bytes by path; absent where the content is not in this clone */
  sizes: Map<string, number>;
  /** commits of the recent history that changed the path */
  changes: Map<string, number>;
}

/** Milliseconds for one file, at most what a task may take. A command works at the speed of a program. */
export function fileEstimate(path: string, figures: FileFigures, byCommand: boolean): number {
  if (byCommand) return COMMAND_MS;
  const bytes = figures.sizes.get(path) ?? UNKNOWN_BYTES;
  const churn = Math.min(1, (figures.changes.get(path) ?? 0) / OFTEN_CHANGED);
  const ms = (BASE_MS + (bytes / BYTES_A_MINUTE) * MINUTE_MS) * (1 + churn);
  return Math.min(MAX_TASK_MS, Math.round(ms));
}

/** The estimate of a task over several files, in whole minutes, one at least. */
export function groupMinutes(files: string[], figures: FileFigures, byCommand: boolean): number {
  const ms = files.reduce((sum, path) => sum + fileEstimate(path, figures, byCommand), 0);
  return Math.min(MAX_TASK_MS / MINUTE_MS, Math.max(1, Math.ceil(ms / MINUTE_MS)));
}
