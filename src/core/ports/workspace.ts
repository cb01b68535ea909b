/** Disposable clones outside the user's checkout: one per attempt for agents, one per validation for checks. */
import type { Violation } from "../model/attempt.ts";
import type { TaskChange } from "../model/batch-results.ts";
import type { Failure } from "../model/failure.ts";
import type { Limits, ReadLimits } from "../model/limits.ts";
import type { Result } from "../model/result.ts";

export interface WorkspaceRequest {
  run_id: string;
  /** `task_id` and attempt number, or `validation` */
  name: string;
  base: string;
  /** ignored files to take along from the user's checkout */
  copy: string[];
}

/** A change found on disk, by kind of what is there now. */
export interface FileChange {
  path: string;
  change: "created" | "modified" | "deleted";
  kind: "file" | "symlink" | "special" | "directory";
  /** bytes that it has now, where they are many enough to be counted */
  size?: number;
  /** set when the entry is something no task may produce, whatever its scope */
  forbidden?: string;
  /** true when git ignores the path by the base commit's own rules */
  ignored: boolean;
}

export interface CommitOrder {
  paths: string[];
  message: string;
  ref: string;
  at: number;
}

/** Packages that a setup installed: folders named node_modules, of which git tracks nothing. */
export interface Installed {
  /** absolute, the root's first */
  folders: string[];
  /** their files are other workspaces', too: nothing is to be written into `folders` but into `caches` */
  shared: boolean;
  /** folders inside `folders` that are this workspace's own */
  caches: string[];
}

export const MOVED_RULE = "packages that other workspaces have, too, were moved from their place";
export const MOVED_FIX =
  "leave folders that hold a node_modules where they are; `share_packages: false` gives every workspace packages of its own";

export const NOTHING_INSTALLED: Installed = { folders: [], shared: false, caches: [] };

/** Caches that package managers keep in a home and can fetch again. */
export const PACKAGE_CACHES: readonly string[] = [
  ".cache/node",
  ".cache/node-gyp",
  ".cache/pnpm",
  ".cache/yarn",
  ".config/configstore",
  ".config/pnpm",
  ".config/yarn",
  ".local/share/pnpm",
  ".local/state/pnpm",
  ".node-gyp",
  ".npm",
  ".yarn",
  ".yarnrc",
];

export interface Workspace {
  /** the agent's working directory */
  readonly directory: string;
  /** the folder around it: brief, logs, HOME and TMPDIR of the attempt */
  readonly folder: string;
  /** the user's checkout and git directory, of which it needs nothing but `borrowed` */
  readonly hidden: string[];
  /** folders of the user's objects, which it reads from */
  readonly borrowed: string[];
  /** a folder that no agent is shown: Forkjoin's own notes on this workspace */
  readonly desk: string;
  /** what the setup commands installed, as `keepInstalled` was told */
  readonly installed: Installed;
  /** where the agent may hand back what is no change: in a folder of its own outside the working directory */
  readonly output_file: string;
  /** where the agent may ask for more files, beside the output */
  readonly scope_request_file: string;
  /**
   * Remembers what is on disk now as the state before the agent: called after the setup commands. It is kept on disk, too, so that a
   * later process can `reopen` the workspace.
   */
  snapshot(): Promise<void>;
  /** Remembers what was installed, after the snapshot: with both the workspace is whole, and can be reopened. */
  keepInstalled(installed: Installed): Promise<void>;
  /**
   * Changes on disk since the snapshot, read from the file system alone; a file touched, or rewritten as it is in the base, is none.
   * Fails with `limit_exceeded` where there is too much to be looked at.
   */
  changes(limits?: ReadLimits): Promise<Result<FileChange[]>>;
  /**
   * Settings and files planted in the workspace's own git directory since the snapshot that make git run a program, read elsewhere or
   * hide something. Any other use of git there is allowed. `movedPackages` are among them.
   */
  tampering(): Promise<Violation[]>;
  /** Folders of shared packages that are not the ones given any more, relative: nothing holds back who writes into them where they are now. */
  movedPackages(): string[];
  /**
   * Commits exactly `paths` of the last `changes` on top of the base, kept under `ref`; nothing the agent did to git takes part.
   * Files that git has no place for (devices, pipes, git metadata) are left out.
   */
  commit(request: CommitOrder): Promise<Result<TaskChange & { commit: string }>>;
  /**
   * Keeps stashes and other branches of the workspace's own git directory, where they hold what its working tree was not made from, under refs
   * that begin with `start`; returns what there is to say of it, a line each. Called before `resetGit`.
   */
  keepSideWork(start: string, limits: Limits): Promise<string[]>;
  /** Writes what `commit` changed on the base into `file`; false when that could not be done. */
  writePatch(commit: string, file: string): Promise<boolean>;
  /** The start of what the agent wrote into `output_file`: a regular file only, links are not followed. */
  output(max_bytes: number): Promise<string | undefined>;
  /** Makes the workspace's own git directory anew, as it was at the start: for checks, which run what it says. */
  resetGit(): Promise<Result<void>>;
  /**
   * Called before every process: gives it a TMPDIR and a HOME that no other one had (commands of the setup share theirs). Fails with
   * `scope_violation` where something else stands in the place of one of the workspace's folders.
   */
  readyForProcess(): Promise<Result<void>>;
  /** The same of `scope_request_file`. */
  scopeRequest(max_bytes: number): Promise<string | undefined>;
  /** Removes it; what could not be removed, and why. */
  dispose(): Promise<string[]>;
}

/** One file as a client without file tools sends it: its whole new content, or its deletion. */
export interface FileEdit {
  path: string;
  content?: string | undefined;
  delete?: boolean | undefined;
}

export interface Workspaces {
  /** Where the workspace of that name will be, and its log, which stays when the workspace goes. */
  locate(run_id: string, name: string): { folder: string; log_file: string };
  /** The working directory of the workspace of that name. */
  directoryOf(run_id: string, name: string): string;
  /** Why no workspace may be made now, if so: less is free on the disk than the operator asks for. */
  roomProblem(): Failure | undefined;
  /** Why no workspace can be made on this disk by this user at all, if so. */
  homeProblem(): Failure | undefined;
  create(request: WorkspaceRequest, signal: AbortSignal): Promise<Result<Workspace>>;
  /** A workspace that was left on disk by an earlier process, with the snapshot it remembered; fails when it is not whole. */
  reopen(request: Omit<WorkspaceRequest, "copy">): Promise<Result<Workspace>>;
  /** Writes `edits` into a workspace, never through a link and never outside; returns those that have no place there. */
  edit(where: { run_id: string; name: string }, edits: FileEdit[]): Promise<Violation[]>;
  /** Removes every workspace of `run_id` but those named; its logs stay. Returns what could not be removed, and why. */
  reap(run_id: string, keep?: string[]): Promise<string[]>;
}
