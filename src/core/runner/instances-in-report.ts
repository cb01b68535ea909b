/** The report of a run with a workflow: what each instance came to, and its own commits on a branch of their own. */
import { integrate } from "../5-aggregate/merge/integrate.ts";
import type { InstanceReport } from "../model/instance-report.ts";
import type { WorkflowInstance } from "../model/orchestration.ts";
import type { Report } from "../model/report.ts";
import { currentResults } from "../run/current-results.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { standingWorkflow } from "../run/standing-workflow.ts";
import { instanceReports } from "../workflow/instance-reports.ts";
import { instanceOf } from "../workflow/phase-tasks.ts";
import { integrateRequest, mergePorts } from "./merge-run.ts";

export async function withInstances(context: OwnedRun, report: Report): Promise<Report> {
  const standing = standingWorkflow(context, currentResults(context));
  if (standing === undefined) return report;
  const reports = instanceReports(standing.progress, standing.failed);
  const instances: InstanceReport[] = [];
  for (const [index, instance] of standing.run.instances.entries()) {
    const entry = reports[index];
    if (entry !== undefined) instances.push(await withBranch(context, instance, entry));
  }
  const whole = instances.every((instance) => instance.status === "success");
  const done = instances.filter((instance) => instance.status === "success").length;
  return {
    ...report,
    final_status: report.final_status === "success" && !whole ? "partial" : report.final_status,
    summary: `${done} of ${instances.length} instances of ${standing.run.workflow.id} succeeded; ${report.summary}`,
    workflow_id: standing.run.workflow.id,
    instances,
  };
}

/** Where its author asked for a branch, or a person has to go on with what is there. */
async function withBranch(
  context: OwnedRun,
  instance: WorkflowInstance,
  report: InstanceReport,
): Promise<InstanceReport> {
  const isWanted = instance.branch !== undefined ? report.status === "success" : false;
  if (!isWanted && report.status !== "escalated") return report;
  const commit = await ownCommits(context, instance);
  if (commit === undefined) return report;
  const { run, repository } = context.session;
  const branch = `forkjoin/instances/${run.run_id}/${instance.branch ?? instance.id}`;
  const ref = `refs/heads/${branch}`;
  const present = await repository.readRef(ref);
  if (present === commit) return { ...report, branch };
  const before = context.ports.store.artefact(run.run_id, "report");
  const ours = before?.instances?.some((one) => one.branch === branch) ? present : undefined;
  const moved = await repository.moveRef(ref, commit, ours);
  return moved.ok ? { ...report, branch } : report;
}

/** The instance's accepted changes alone, one commit per task on the run's base; undefined when they need those of others. */
async function ownCommits(context: OwnedRun, { id }: WorkflowInstance): Promise<string | undefined> {
  const { session, ports } = context;
  const { settings, run_id, base_commit } = session.run;
  const own = ports.store.attempts(run_id).filter((attempt) => instanceOf(attempt.task_id, [id]) === id);
  const alone = { attempts: own, previous: undefined, set_aside: [], landed: [] };
  const request = { ...integrateRequest(context, settings.conflict_resolution), ...alone };
  const sequence = await integrate(request, mergePorts(context));
  const isWhole = sequence.steps.every(({ outcome }) => outcome === "merged" || outcome === "empty");
  return isWhole && sequence.tip !== base_commit ? sequence.tip : undefined;
}
