/** Where a result lands, and what has to be asked before: nothing is merged anywhere but where the user stands, and nothing incomplete unasked. */
import { createInterface } from "node:readline/promises";
import { checkedOut, hasBranch, locateRepository } from "../compose.ts";
import { failure } from "../core/model/failure.ts";
import type { Report } from "../core/model/report.ts";
import type { RunView } from "../core/orchestrator.ts";
import { sharesObjects } from "./chosen-run.ts";
import { CommandFailed, EXIT, note, plain } from "./output.ts";

export interface LandingPlace {
  /** top level of the checkout that takes the result */
  repository: string;
  /** the run began in another worktree of the repository */
  isAnotherWorktree: boolean;
}

/** The checkout the user stands in; outside of any, the run's own. Another repository is refused. */
export async function landingPlace({ run, run_id }: RunView, repo: string | undefined): Promise<LandingPlace> {
  const here = await locateRepository(repo ?? ".");
  if (!here.ok) {
    if (repo !== undefined) throw new CommandFailed(here.error);
    return { repository: run.repository, isAnotherWorktree: false };
  }
  const { root, objects } = here.value;
  if (root === run.repository) return { repository: root, isAnotherWorktree: false };
  if (await sharesObjects(run.repository, objects)) return { repository: root, isAnotherWorktree: true };
  const message = `run ${run_id} is of ${run.repository}, and you are in ${root}: nothing is merged into another repository`;
  throw new CommandFailed(failure("not_a_repository", message, `cd ${run.repository} && forkjoin land ${run_id}`));
}

/** Tasks whose work is not in the result, with what became of them. */
export function missingOf(report: Report): string[] {
  const failed = report.tasks
    .filter(({ status }) => status !== "success")
    .map((task) => `${task.task_id} (${task.status})`);
  const { culprits, set_aside } = report.validation;
  const out = culprits.filter(({ repaired }) => !repaired).map(({ task_id }) => task_id);
  const aside = [...new Set([...out, ...set_aside.map(({ task_id }) => task_id)])].map((id) => `${id} (left out)`);
  const named = new Set(failed.map((text) => text.split(" ")[0]));
  const open = report.conflicts_open.map((id) => `${id} (undecided)`);
  return [...failed, ...aside.filter((text) => !named.has(text.split(" ")[0] ?? "")), ...open];
}

interface Question {
  message: string;
  hint: string;
}

/** Each doubt is a question on a terminal and a refusal elsewhere; `--yes` answers all of them. */
export async function asksFirst(
  view: RunView,
  place: LandingPlace,
  options: { yes?: boolean; json?: boolean; pr?: boolean; onto?: string },
): Promise<void> {
  if (options.yes === true) return;
  const canAsk = options.json !== true && process.stdin.isTTY === true && process.stderr.isTTY === true;
  for (const { message, hint } of await doubts(view, place, options)) {
    if (!canAsk) throw new CommandFailed(failure("wrong_phase", message, hint), EXIT.usage);
    if (!(await agreed(message))) throw new CommandFailed(failure("cancelled", "nothing was landed", hint), EXIT.usage);
  }
}

async function doubts(
  { run_id, report, run }: RunView,
  { repository, isAnotherWorktree }: LandingPlace,
  { pr, onto }: { pr?: boolean; onto?: string },
): Promise<Question[]> {
  const found: Question[] = [];
  const anyway = `to land it all the same: forkjoin land ${run_id} --yes`;
  if (report !== undefined && report.final_status !== "success") {
    const missing = missingOf(report);
    const what = missing.length === 0 ? report.summary : `not in it: ${missing.join(", ")}`;
    found.push({ message: `run ${run_id} is ${report.final_status}; ${what}`, hint: anyway });
  }
  if (pr === true) return found;
  const branch = await checkedOut(repository);
  if (isAnotherWorktree) {
    const where = `${repository}, on ${branch ?? "a detached HEAD"}`;
    const message = `run ${run_id} began in ${run.repository}, and you are in another worktree, ${where}`;
    found.push({ message, hint: `cd ${run.repository} && forkjoin land ${run_id}; or here: --yes` });
  }
  if (branch === undefined && !(await isBare(repository))) {
    const message = `${repository} has a detached HEAD: what is merged there is on no branch`;
    found.push({ message, hint: `git switch BRANCH first; ${anyway}` });
  }
  if (
    onto !== undefined &&
    branch !== undefined &&
    onto.replace(/^refs\/heads\//, "") !== branch &&
    (await hasBranch(repository, onto))
  ) {
    const message = `--onto ${onto} names another branch than ${branch}, which is checked out and would get all of ${onto}`;
    found.push({ message, hint: `git switch ${onto} first; ${anyway}` });
  }
  return found;
}

async function isBare(repository: string): Promise<boolean> {
  const located = await locateRepository(repository);
  return located.ok && located.value.bare;
}

async function agreed(message: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    note(plain(message));
    return /^y(es)?$/i.test((await terminal.question("land it all the same? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}
