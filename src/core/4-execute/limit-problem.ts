/** Phase 4.3 — an attempt that leaves more than the limits allow fails by the limit's name; told before any of it is read. */
import { type Failure, failure } from "../model/failure.ts";
import type { Limits } from "../model/limits.ts";
import type { FileChange } from "../ports/workspace.ts";

const MB = 1_000_000;

/** Failure of changes beyond the limits; files that git ignores are not the attempt's result, and do not count. */
export function limitProblem(changes: FileChange[], limits: Limits): Failure | undefined {
  const counted = changes.filter((change) => !change.ignored);
  const large = counted.find(({ size = 0 }) => size > limits.file_mb * MB);
  if (large !== undefined)
    return exceeded("file_mb", limits.file_mb, `${JSON.stringify(large.path)} has ${megabytes(large.size ?? 0)} MB`);
  if (counted.length > limits.files) return exceeded("files", limits.files, `${counted.length} files changed`);
  const total = counted.reduce((sum, { size = 0 }) => sum + size, 0);
  if (total > limits.changes_mb * MB)
    return exceeded("changes_mb", limits.changes_mb, `all changes together have ${megabytes(total)} MB`);
  return undefined;
}

/** Changes within the limits, to be kept all the same: in their order, as long as there is room. */
export function withinLimits(changes: FileChange[], limits: Limits): FileChange[] {
  let room = limits.changes_mb * MB;
  const kept: FileChange[] = [];
  for (const change of changes) {
    if (kept.length === limits.files) break;
    const { size = 0 } = change;
    if (size > limits.file_mb * MB || size > room) continue;
    room -= size;
    kept.push(change);
  }
  return kept;
}

function exceeded(key: keyof Limits, limit: number, what: string): Failure {
  const hint = `leave less behind, or raise limits.${key} in the configuration`;
  return failure("limit_exceeded", `limits.${key} is ${limit}: ${what}`, hint);
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / MB).toLocaleString("en");
}
