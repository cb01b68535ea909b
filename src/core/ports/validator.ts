/** Runs a named check in a workspace and says whether it passed. */
import type { SandboxMode } from "../model/boundary.ts";
import type { CheckConfiguration } from "../model/configuration.ts";
import type { Failure } from "../model/failure.ts";
import type { ProcessLimits } from "../model/limits.ts";
import type { CheckResult } from "../model/report.ts";
import type { Lane } from "./lanes.ts";
import type { Workspace } from "./workspace.ts";

export interface ValidationRequest {
  name: string;
  check: CheckConfiguration;
  /** the tree it runs on, which it may change: nothing of that is kept */
  workspace: Pick<
    Workspace,
    "directory" | "folder" | "desk" | "hidden" | "borrowed" | "installed" | "movedPackages" | "readyForProcess"
  >;
  sandbox: SandboxMode;
  /** ports of its own */
  lane?: Pick<Lane, "number" | "port_base"> | undefined;
  /** while no other check runs */
  alone?: boolean | undefined;
  /** how many processes and how much memory it may have, as far as the system limits that */
  limits?: ProcessLimits;
}

export interface Validator {
  /** Why the check cannot be what its configuration says, or undefined: a folder that no process may be shown or given. */
  problem(name: string, check: CheckConfiguration): Failure | undefined;
  /** A check that cannot start has not passed. It waits for the locks that its configuration names. */
  run(request: ValidationRequest, signal: AbortSignal): Promise<CheckResult>;
}
