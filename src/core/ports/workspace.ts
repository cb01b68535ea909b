/** Disposable clones outside the user's checkout: one per attempt for agents, one per validation for checks. */
import type { Violation } from "../model/attempt.ts";
import type { TaskChange } from "../model/batch-results.ts";
import type { Result } from "../model/result.ts";

export interface WorkspaceRequest {
  run_id: string;
  /** `task_id` and attempt number, or `validation` */
  name: string;
  base: string;
  setup: string[][];
  copy: string[];
}

/** A change found on disk, by kind of what is there now. */
export interface FileChange {
  path: string;
  change: "created" | "modified" | "deleted";
  kind: "file" | "symlink" | "special" | "directory";
  /** set when the entry is something no task may produce, whatever its scope */
  forbidden?: string;
  /** true when git ignores the path by the base commit's own rules */
  ignored: boolean;
}

export interface Workspace {
  /** the agent's working directory */
  readonly directory: string;
  /** the folder around it: brief, logs, HOME and TMPDIR of the attempt */
  readonly folder: string;
  /** What changed on disk since the workspace was made, read from the file system alone. */
  changes(): Promise<Result<FileChange[]>>;
  /** Commits exactly `paths` on top of the base, kept under `ref`; nothing the agent did to git takes part. */
  commit(request: {
    paths: string[];
    message: string;
    ref: string;
    at: number;
  }): Promise<Result<TaskChange & { commit: string }>>;
  dispose(): Promise<void>;
}

export interface Workspaces {
  create(request: WorkspaceRequest, signal: AbortSignal): Promise<Result<Workspace>>;
  /** Removes what a dead process left of `run_id`. */
  reap(run_id: string): Promise<void>;
}

export type { Violation };
