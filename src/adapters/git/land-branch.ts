/** `forkjoin land`: the one command that changes the user's checkout, because the user asked for exactly that. */
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { GitError, type GitPlace, gitText, runGit } from "./git.ts";
import { FALLBACK_IDENTITY } from "./repository-location.ts";

/** Merges `branch` into the branch that is checked out; a dirty checkout is refused, a merge that conflicts is undone. */
export async function landBranch(
  repository: string,
  branch: string,
): Promise<Result<{ into: string; commit: string }>> {
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
  try {
    await runGit({ ...place, ...(await missingIdentity(place)) }, ["merge", "--no-edit", branch]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await runGit(place, ["merge", "--abort"], { accept: [128] });
    const hint = `your branch moved since the run began: merge ${branch} by hand`;
    return err(failure("merge_conflict", `${branch} does not merge into ${into}: ${error.message}`, hint));
  }
  return ok({ into, commit: await gitText(place, ["rev-parse", "HEAD"]) });
}

/** A merge commit needs an author; where git has none, Forkjoin's own stands in. */
async function missingIdentity(place: GitPlace): Promise<Pick<GitPlace, "identity">> {
  const { code } = await runGit(place, ["var", "GIT_COMMITTER_IDENT"], { accept: [1, 128] });
  return code === 0 ? {} : { identity: FALLBACK_IDENTITY };
}
