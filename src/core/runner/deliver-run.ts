/** Phase 5 delivered: where the combination begins, and the branch `forkjoin/<run_id>`, one commit per task or one for all. */
import type { AcceptedTask } from "../5-aggregate/merge/accepted-task.ts";
import { squashMessage } from "../5-aggregate/report/squash-message.ts";
import type { Integration } from "../model/integration.ts";
import type { Report } from "../model/report.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import type { Repository } from "../ports/repository.ts";
import type { OwnedRun } from "../run/planned-run.ts";

/** The commit the results are put on: the run's base, or where the branch that was named with `onto` stands now. */
export async function startOf(run: Run, repository: Repository): Promise<Result<string>> {
  return run.settings.onto === undefined ? ok(run.base_commit) : repository.resolve(run.settings.onto);
}

/** Commit that the branch will point to: the last of the tasks' commits, or one commit with all of them where `squash` is set. */
export async function deliveredCommit(
  { session: { run, repository } }: OwnedRun,
  integration: Integration,
  accepted: AcceptedTask[],
): Promise<string> {
  const landed = accepted.filter(({ task }) => integration.steps.some((step) => step.task_id === task.id));
  if (!run.settings.squash || integration.tip === integration.base) return integration.tip;
  return repository.commit({
    tree: await repository.treeOf(integration.tip),
    parent: integration.base,
    message: squashMessage(run, landed),
    at: Math.max(...landed.map((task) => task.at)),
  });
}

/** From nothing, or from where an earlier aggregation left it; moved by anyone else, the branch is not touched. */
export async function moveBranch({ session, ports }: OwnedRun, report: Report, start: string): Promise<Result<Report>> {
  const { run, repository } = session;
  if (report.final_status === "failed" || report.commit === start) return ok(report);
  const branch = `forkjoin/${run.run_id}`;
  const ref = `refs/heads/${branch}`;
  const present = await repository.readRef(ref);
  if (present !== report.commit) {
    const last = ports.store.artefact(run.run_id, "report");
    const ours = present !== undefined && last?.branch === branch ? last.commit : undefined;
    const moved = await repository.moveRef(ref, report.commit, ours);
    if (!moved.ok) return err(moved.error);
  }
  return ok({ ...report, branch });
}
