/** `forkjoin land`: the one command that changes the user's checkout, because the user asked for exactly that. */
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitText, runGit } from "../git.ts";
import { FALLBACK_IDENTITY } from "../repository/repository-location.ts";

export interface LandRequest {
  repository: string;
  branch: string;
  /** set: everything becomes one commit with this message */
  squash?: string;
}

export interface LandedBranch {
  into: string;
  commit: string;
  /** true when the checked-out branch was not where the result begins: this combination has been tested by nobody */
  untested: boolean;
}

/** Merges the branch into the one that is checked out; a dirty checkout is refused, a merge that conflicts is undone. */
export async function landBranch(request: LandRequest): Promise<Result<LandedBranch>> {
  const { repository, branch } = request;
  const place: GitPlace = { cwd: repository };
  if ((await gitText(place, ["rev-parse", "--is-bare-repository"])) === "true") {
    const hint = `push or fetch ${branch} where there is a checkout`;
    return err(failure("dirty_worktree", `${repository} is bare: there is no branch that is checked out`, hint));
  }
  if ((await gitText(place, ["status", "--porcelain", "--untracked-files=no"])) !== "") {
    const hint = "commit or stash your changes first";
    return err(failure("dirty_worktree", `${repository} has uncommitted changes`, hint));
  }
  const into = await gitText(place, ["rev-parse", "--abbrev-ref", "HEAD"]);
  const ahead = await runGit(place, ["merge-base", "--is-ancestor", "HEAD", branch], { accept: [1] });
  const able = { ...place, ...(await missingIdentity(place)) };
  const merged = await (request.squash === undefined ? merge(able, branch) : squash(able, branch, request.squash));
  if (merged !== undefined) {
    const hint = `your branch moved since the run began: \`forkjoin land --onto ${into}\` puts the results on it anew, or merge ${branch} by hand`;
    return err({ code: "merge_conflict", message: `${branch} does not merge into ${into}: ${merged}`, hint });
  }
  return ok({ into, commit: await gitText(place, ["rev-parse", "HEAD"]), untested: ahead.code !== 0 });
}

/** What git said when it could not; the checkout is as it was then. */
async function merge(place: GitPlace, branch: string): Promise<string | undefined> {
  try {
    await runGit(place, ["merge", "--no-edit", branch]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await runGit(place, ["merge", "--abort"], { accept: [128] });
    return error.message;
  }
}

async function squash(place: GitPlace, branch: string, message: string): Promise<string | undefined> {
  try {
    await runGit(place, ["merge", "--squash", branch]);
    const staged = await runGit(place, ["diff", "--cached", "--quiet"], { accept: [1] });
    if (staged.code === 1) await runGit(place, ["commit", "--quiet", "-F", "-"], { input: message });
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await runGit(place, ["reset", "--merge"]);
    return error.message;
  }
}

/** A merge commit needs an author; where git has none, Forkjoin's own stands in. */
async function missingIdentity(place: GitPlace): Promise<Pick<GitPlace, "identity">> {
  const { code } = await runGit(place, ["var", "GIT_COMMITTER_IDENT"], { accept: [1, 128] });
  return code === 0 ? {} : { identity: FALLBACK_IDENTITY };
}
