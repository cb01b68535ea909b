/** Which run a command is about: the one that is named, or the last one of the repository and worktree that the user stands in. */
import { locateRepository } from "../compose.ts";
import { failure } from "../core/model/failure.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { CommandFailed } from "./output.ts";
import { viewOf } from "./session.ts";

/** Options of every command about one run. */
export interface RunChoice {
  run?: string | undefined;
  /** folder of the repository whose last run is meant; the current one when absent */
  repo?: string | undefined;
  /** outside of any repository the newest run of all may be looked at */
  reads?: boolean;
}

/** As many runs of other worktrees as a hint names. */
const NAMED = 3;

/** The named run, or the last one here; another repository's is never meant. */
export async function chosenRun(orchestrator: Operations, { run, repo, reads }: RunChoice): Promise<RunView> {
  if (run !== undefined) return viewOf(orchestrator, run);
  const located = await locateRepository(repo ?? ".");
  const [newest] = located.ok || repo !== undefined || reads !== true ? [] : orchestrator.runs(1);
  if (newest !== undefined) return newest;
  if (!located.ok) {
    const hint = "name the run (`forkjoin status` lists them), or go to its repository, or name that with --repo DIR";
    throw new CommandFailed(failure("not_a_repository", `no run is named, and ${located.error.message}`, hint));
  }
  const { root, objects } = located.value;
  const [last] = orchestrator.runs(1, root);
  if (last !== undefined) return last;
  const elsewhere = await ofOtherWorktrees(orchestrator, objects);
  const hint =
    elsewhere.length === 0
      ? "begin one with `forkjoin run --tasks FILE`, or name another repository with --repo DIR"
      : `name one of another worktree: ${elsewhere.join(", ")}`;
  throw new CommandFailed(failure("unknown_run", `${root} has no run yet`, hint));
}

async function ofOtherWorktrees(orchestrator: Operations, objects: string): Promise<string[]> {
  const found: string[] = [];
  const shared = new Map<string, boolean>();
  for (const { run_id, run } of orchestrator.runs(100)) {
    const known = shared.get(run.repository);
    const isShared = known ?? (await sharesObjects(run.repository, objects));
    shared.set(run.repository, isShared);
    if (isShared) found.push(`${run_id} (${run.repository})`);
    if (found.length === NAMED) break;
  }
  return found;
}

/** True where the folder is a checkout of the repository with these objects. */
export async function sharesObjects(folder: string, objects: string): Promise<boolean> {
  const located = await locateRepository(folder);
  return located.ok && located.value.objects === objects;
}

/** The id of the chosen run, where a named one needs no look. */
export async function chosenId(orchestrator: Operations, choice: RunChoice): Promise<string> {
  return choice.run ?? (await chosenRun(orchestrator, choice)).run_id;
}
