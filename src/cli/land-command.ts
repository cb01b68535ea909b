/** `land`: a run's result taken over: merged into the branch that is checked out, put on a branch that moved, or sent as a pull request. */
import { hasLanded, landBranch, openPullRequest } from "../compose.ts";
import { failure } from "../core/model/failure.ts";
import type { Report } from "../core/model/report.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { chosenRun } from "./chosen-run.ts";
import { asksFirst, type LandingPlace, landingPlace, missingOf } from "./landing-place.ts";
import { CommandFailed, EXIT, note, plain, print, printJson } from "./output.ts";
import { expect, untilIdle, viewOf, withCore } from "./session.ts";

export interface LandCommandOptions {
  /** put the results on this ref as it stands now, and test them there, before they land */
  onto?: string;
  /** the checkout to land in */
  repo?: string;
  squash?: boolean;
  pr?: boolean;
  hooks?: boolean;
  gpgSign?: boolean;
  yes?: boolean;
  json?: boolean;
}

export async function landCommand(runId: string | undefined, options: LandCommandOptions): Promise<number> {
  return withCore({}, async ({ orchestrator }) => {
    const chosen = await chosenRun(orchestrator, { run: runId, repo: options.repo });
    if (options.pr && options.squash) throw new CommandFailed(PR_SQUASHES);
    const place = await landingPlace(chosen, options.repo);
    deliverable(chosen);
    await asksFirst(chosen, place, options);
    if (options.onto !== undefined) await putOn(orchestrator, chosen, options.onto);
    const landing = { ...deliverable(viewOf(orchestrator, chosen.run_id)), place };
    if (options.pr) await sendPullRequest(landing, options);
    else await mergeHere(landing, options);
    return EXIT.success;
  });
}

const PR_SQUASHES = failure(
  "invalid_input",
  "--squash does not go with --pr",
  "squash when the pull request is merged, or set `squash: true` in the configuration before the run",
);

interface Deliverable {
  view: RunView;
  report: Report;
  branch: string;
}

/** Integrates and validates anew on `onto`; what does not pass there does not land. What is there already is left as it is. */
async function putOn(orchestrator: Operations, view: RunView, onto: string): Promise<void> {
  const { report: before, branch } = deliverable(view);
  const { repository, base_commit } = view.run;
  if (await hasLanded({ repository, base: before.onto?.commit ?? base_commit, branch, onto })) return;
  const id = view.run_id;
  expect(await orchestrator.aggregate(id, { onto }));
  await untilIdle(orchestrator, id);
  const { failure: problem, report } = viewOf(orchestrator, id);
  if (problem !== undefined) throw new CommandFailed(problem, EXIT.incomplete);
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

function deliverable(view: RunView): Deliverable {
  const { run_id, report, run } = view;
  if (report === undefined || report.branch === null) {
    const hint = report === undefined ? `see where it stands: forkjoin status ${run_id}` : `forkjoin report ${run_id}`;
    const message = `run ${run_id} of ${run.repository} has no branch to land`;
    throw new CommandFailed(failure("wrong_phase", message, hint));
  }
  return { view, report, branch: report.branch };
}

async function mergeHere(
  { view, report, branch, place }: Deliverable & { place: LandingPlace },
  { squash, hooks, gpgSign, json }: LandCommandOptions,
): Promise<void> {
  const message = squash ? expect(await view.squashMessage()) : undefined;
  const request = {
    repository: place.repository,
    branch,
    hooks: hooks === true,
    sign: gpgSign !== false,
    ...(message === undefined ? {} : { squash: message }),
  };
  const { into, commit, untested, hooks_skipped } = expect(await landBranch(request), EXIT.incomplete);
  if (untested) {
    note(`${into} had moved since the run began: nobody has tested this combination (--onto ${into} would have)`);
  }
  if (hooks_skipped.length > 0) note(`hooks did not run: ${hooks_skipped.join(", ")} (--hooks runs them)`);
  const missing = missingOf(report);
  const { repository } = place;
  if (json) {
    printJson({ run_id: view.run_id, repository, into, commit, untested, missing, hooks_skipped });
    return;
  }
  const without = missing.length === 0 ? "" : `\nnot in it: ${missing.join(", ")}`;
  print(plain(`${branch} is merged into ${into} of ${repository}, now at ${commit.slice(0, 12)}${without}`));
}

async function sendPullRequest(
  { view, report, branch, place }: Deliverable & { place: LandingPlace },
  { onto, hooks, json }: LandCommandOptions,
): Promise<void> {
  const { run } = view;
  const into = targetOf(onto ?? report.onto?.ref ?? run.base_ref);
  const [title = ""] = run.request.trim().split("\n");
  const body = view.reportMarkdown() ?? "";
  const request = { repository: place.repository, branch, title: title.slice(0, 200) || branch, body };
  const sent = await openPullRequest({ ...request, hooks: hooks === true, ...(into === undefined ? {} : { into }) });
  const { url, hooks_skipped } = expect(sent, EXIT.incomplete);
  if (hooks_skipped.length > 0) note(`hooks did not run: ${hooks_skipped.join(", ")} (--hooks runs them)`);
  if (json) printJson({ run_id: run.run_id, branch, pull_request: url, hooks_skipped });
  else print(url);
}

/** The branch a pull request asks to be merged into; the hosting service knows its default where the run began from HEAD or a commit. */
function targetOf(ref: string): string | undefined {
  const name = ref.replace(/^refs\/heads\//, "");
  return name === "HEAD" || /^[0-9a-f]{7,64}$/.test(name) ? undefined : name;
}
