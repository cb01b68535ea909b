/** `land`: a run's result taken over: merged into the branch that is checked out, put on a branch that moved, or sent as a pull request. */
import { landBranch } from "../adapters/git/delivery/land-branch.ts";
import { openPullRequest } from "../adapters/git/delivery/open-pull-request.ts";
import { inMergeOrder } from "../core/5-aggregate/merge/integrate.ts";
import { reportMarkdown } from "../core/5-aggregate/report/report-markdown.ts";
import { squashMessage } from "../core/5-aggregate/report/squash-message.ts";
import { failure } from "../core/model/failure.ts";
import type { Report } from "../core/model/report.ts";
import type { Run } from "../core/model/run.ts";
import type { Orchestrator } from "../core/orchestrator.ts";
import { unknownRun } from "../core/run/run-session.ts";
import { CommandFailed, EXIT, note, print, printJson } from "./output.ts";
import { chosenRun, expect, untilIdle, withCore } from "./session.ts";

export interface LandCommandOptions {
  /** put the results on this ref as it stands now, and test them there, before they land */
  onto?: string;
  squash?: boolean;
  pr?: boolean;
  json?: boolean;
}

export async function landCommand(runId: string | undefined, options: LandCommandOptions): Promise<number> {
  return withCore({}, async ({ orchestrator }) => {
    const id = chosenRun(orchestrator, runId);
    const run = orchestrator.ports.store.run(id);
    if (run === undefined) throw new CommandFailed(unknownRun(id, orchestrator.ports));
    if (options.pr && options.squash) throw new CommandFailed(PR_SQUASHES);
    if (options.onto !== undefined) await putOn(orchestrator, id, options.onto);
    const { report, branch } = deliverable(orchestrator, id);
    if (options.pr) await sendPullRequest({ run, report, branch }, options);
    else await mergeHere(orchestrator, { run, report, branch }, options);
    return EXIT.success;
  });
}

const PR_SQUASHES = failure(
  "invalid_input",
  "--squash does not go with --pr",
  "squash when the pull request is merged, or set `squash: true` in the configuration before the run",
);

interface Deliverable {
  run: Run;
  report: Report;
  branch: string;
}

/** Integrates and validates anew on `onto`; what does not pass there does not land. */
async function putOn(orchestrator: Orchestrator, id: string, onto: string): Promise<void> {
  deliverable(orchestrator, id);
  expect(await orchestrator.aggregate(id, { onto }));
  await untilIdle(orchestrator, id);
  const { store } = orchestrator.ports;
  const problem = orchestrator.live.failureOf(id) ?? store.run(id)?.error;
  if (problem !== undefined) throw new CommandFailed(problem, EXIT.incomplete);
  const report = store.artefact(id, "report");
  const open = report?.conflicts_open ?? [];
  if (open.length > 0) {
    const hint = `decide them: forkjoin resolve ${id}; then forkjoin land ${id} --onto ${onto}`;
    throw new CommandFailed(
      { code: "merge_conflict", message: `on ${onto} ${open.join(", ")} need a decision`, hint, paths: open },
      EXIT.review,
    );
  }
  if (report?.branch === null) {
    const hint = `the report says more: forkjoin report ${id}`;
    throw new CommandFailed(failure("validation_failed", `on ${onto}: ${report.summary}`, hint), EXIT.incomplete);
  }
}

function deliverable(orchestrator: Orchestrator, id: string): Omit<Deliverable, "run"> {
  const report = orchestrator.ports.store.artefact(id, "report");
  if (report === undefined || report.branch === null) {
    throw new CommandFailed(failure("wrong_phase", `run ${id} has no branch to land`, `forkjoin report ${id}`));
  }
  return { report, branch: report.branch };
}

async function mergeHere(
  orchestrator: Orchestrator,
  { run, branch }: Deliverable,
  { squash, json }: LandCommandOptions,
): Promise<void> {
  const message = squash ? await messageOf(orchestrator, run) : undefined;
  const request = { repository: run.repository, branch, ...(message === undefined ? {} : { squash: message }) };
  const landed = expect(await landBranch(request), EXIT.incomplete);
  const { into, commit, untested } = landed;
  if (untested) {
    note(`${into} had moved since the run began: nobody has tested this combination (--onto ${into} would have)`);
  }
  if (json) printJson({ run_id: run.run_id, into, commit, untested });
  else print(`${branch} is merged into ${into}, now at ${commit.slice(0, 12)}`);
}

async function messageOf(orchestrator: Orchestrator, run: Run): Promise<string> {
  const { session, list, plan, ports } = expect(await orchestrator.context(run.run_id));
  const landed = ports.store.artefact(session.run.run_id, "integration")?.steps.map((step) => step.task_id) ?? [];
  const accepted = inMergeOrder({ list, plan, attempts: ports.store.attempts(run.run_id) });
  return squashMessage(
    run,
    accepted.filter(({ task }) => landed.includes(task.id)),
  );
}

async function sendPullRequest(
  { run, report, branch }: Deliverable,
  { onto, json }: LandCommandOptions,
): Promise<void> {
  const into = targetOf(onto ?? report.onto?.ref ?? run.base_ref);
  const [title = ""] = run.request.trim().split("\n");
  const body = reportMarkdown(report);
  const request = { repository: run.repository, branch, title: title.slice(0, 200) || branch, body };
  const { url } = expect(
    await openPullRequest({ ...request, ...(into === undefined ? {} : { into }) }),
    EXIT.incomplete,
  );
  if (json) printJson({ run_id: run.run_id, branch, pull_request: url });
  else print(url);
}

/** The branch a pull request asks to be merged into; the hosting service knows its default where the run began from HEAD or a commit. */
function targetOf(ref: string): string | undefined {
  const name = ref.replace(/^refs\/heads\//, "");
  return name === "HEAD" || /^[0-9a-f]{7,64}$/.test(name) ? undefined : name;
}
