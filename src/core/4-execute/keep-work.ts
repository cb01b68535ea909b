/** Phase 4.3 — nothing is thrown away: what an attempt did and was not accepted stays as a ref of the repository and as a patch. */
import { type Attempt, attemptName, type Kept } from "../model/attempt.ts";
import type { TaskChange } from "../model/batch-results.ts";
import { DEFAULT_LIMITS } from "../model/limits.ts";
import type { Run } from "../model/run.ts";
import type { FileChange, Workspace } from "../ports/workspace.ts";
import type { ExecutePorts } from "./execute-ports.ts";
import { withinLimits } from "./limit-problem.ts";

export interface Unaccepted {
  run: Run;
  attempt: Pick<Attempt, "task_id" | "attempt">;
  workspace: Workspace;
  /** `lost`: its coordinator died while it ran */
  as: "rejected" | "lost";
}

type Ports = Pick<ExecutePorts, "clock" | "workspaces">;

/** Commits everything git can hold, in scope or not; undefined when there is nothing to keep, or it cannot be kept. */
export async function keepWork(
  { run, attempt, workspace, as }: Unaccepted,
  changes: FileChange[],
  ports: Ports,
): Promise<Kept | undefined> {
  const found = changes.filter((change) => !change.ignored && change.kind !== "directory");
  const paths = withinLimits(found, run.settings.limits ?? DEFAULT_LIMITS).map(({ path }) => path);
  if (paths.length === 0) return undefined;
  const name = attemptName(attempt);
  const ref = `refs/forkjoin/${run.run_id}/${as}/${name}`;
  const message = `not accepted: ${attempt.task_id}: attempt ${attempt.attempt}\n\nForkjoin-Run: ${run.run_id}\nForkjoin-Task: ${attempt.task_id}\n`;
  const committed = await workspace.commit({ paths, message, ref, at: ports.clock.now() });
  return committed.ok ? withPatch({ run, attempt, workspace }, { ...committed.value, ref }, ports) : undefined;
}

/** The commit of `ref` as a patch beside the attempt's log. */
export async function withPatch(
  { run, attempt, workspace }: Omit<Unaccepted, "as">,
  kept: TaskChange & { commit: string; ref: string },
  ports: Ports,
): Promise<Kept> {
  const { log_file } = ports.workspaces.locate(run.run_id, attemptName(attempt));
  const patch = log_file.replace(/\.log$/, ".patch");
  return (await workspace.writePatch(kept.commit, patch)) ? { ...kept, patch } : kept;
}
