/** Runs a named check in a folder and says whether it passed. */
import type { CheckConfiguration } from "../model/configuration.ts";
import type { CheckResult } from "../model/report.ts";

export interface Validator {
  /** `folder` holds the check's HOME, TMPDIR and log; `directory` is the tree it runs on. A check that cannot start has not passed. */
  run(
    request: { name: string; check: CheckConfiguration; directory: string; folder: string },
    signal: AbortSignal,
  ): Promise<CheckResult>;
}
