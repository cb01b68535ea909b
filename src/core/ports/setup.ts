/** Preparation of a fresh workspace before anyone works in it: the operator's setup commands, or packages installed for another one already. */
import type { SandboxMode } from "../model/boundary.ts";
import type { ProcessLimits } from "../model/limits.ts";
import type { Result } from "../model/result.ts";
import type { TreeEntry } from "./repository.ts";
import type { Installed, Workspace } from "./workspace.ts";

export interface SetupRequest {
  workspace: Workspace;
  /** one at least */
  commands: string[][];
  /** ignored files that were taken along, relative */
  copied: string[];
  /** absolute: workspaces of one repository share what is installed */
  repository: string;
  /** what git tracks at the workspace's base */
  files: Map<string, TreeEntry>;
  /** what may be changed in the workspace, as scope entries */
  scope: string[];
  sandbox: SandboxMode;
  /** how many processes and how much memory the commands may have */
  limits?: ProcessLimits;
  /** a client works in it, which no sandbox holds */
  byClient: boolean;
  /** false: every workspace is set up for itself */
  share: boolean;
}

export interface Setup {
  /** Fails with `setup_failed` or `cancelled`. */
  prepare(request: SetupRequest, signal: AbortSignal): Promise<Result<Installed>>;
  /**
   * Installed files that are several workspaces' and were written into while this one was used without a sandbox, relative and
   * sorted. Workspaces to come do not get them.
   */
  spoiled(workspace: Pick<Workspace, "directory" | "desk">): Promise<string[]>;
}
