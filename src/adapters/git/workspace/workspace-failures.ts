/** Errors of a workspace, as failures of its attempt. */
import { type Failure, failure } from "../../../core/model/failure.ts";
import { GitError } from "../git.ts";
import { TooMuch } from "./manifest.ts";
import { ReplacedFolder } from "./workspace-folders.ts";

export function stillWritten(path: string): Failure {
  const message = `${path} was still being written when the attempt had ended: a process escaped`;
  const hint = "leave no process behind that writes; the sandbox would have ended it";
  return { code: "scope_violation", message, hint, paths: [path] };
}

/** A file in place of a folder, or the other way round, takes away what was there. */
export function notAsked(paths: string[]): Failure {
  const message = `${paths.join(", ")} would be taken out with what has come in its place, and is outside the scope`;
  return { code: "scope_violation", message, hint: "leave files and folders outside the scope in place", paths };
}

export function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

export function unreadable(directory: string, error: unknown): Failure {
  if (error instanceof TooMuch) return error.failure;
  if (error instanceof ReplacedFolder) return error.failure;
  const cause = error instanceof Error ? error.message : String(error);
  const code = error instanceof GitError ? "git_failed" : "workspace_failed";
  return failure(
    code,
    `workspace ${directory}: ${cause}`,
    "look at the task's log; the attempt's files were not accepted",
  );
}
