/** `forkjoin land`: the one command that changes the user's checkout, because the user asked for exactly that. */
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitList, gitText, runGit } from "../git.ts";
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

export interface Landing {
  repository: string;
  /** what the results were put on */
  base: string;
  branch: string;
  onto: string;
}

/** Every file that the branch changes is on `onto` as the branch has it: it was landed before, by whatever way. */
export async function hasLanded({ repository, base, branch, onto }: Landing): Promise<boolean> {
  const changed = (from: string): Promise<string[]> =>
    gitList({ cwd: repository }, ["diff-tree", "-r", "-z", "--name-only", "--end-of-options", from, branch]);
  try {
    const differs = new Set(await changed(onto));
    return (await changed(base)).every((path) => !differs.has(path));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return false;
  }
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

/** Why it could not be merged; the checkout is as it was then. A clash is found before git touches anything. */
async function merge(place: GitPlace, branch: string): Promise<string | undefined> {
  try {
    const { clash } = await combined(place, branch);
    if (clash !== undefined) return clash;
    await runGit(place, ["merge", "--no-edit", branch]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    await runGit(place, ["merge", "--abort"], { accept: [128] });
    return error.message;
  }
}

/** The commit is made aside and taken over in one step: whatever interrupts it, the checkout is as it was or has all of it. */
async function squash(place: GitPlace, branch: string, message: string): Promise<string | undefined> {
  try {
    const { tree, clash } = await combined(place, branch);
    if (clash !== undefined) return clash;
    if (tree === (await gitText(place, ["rev-parse", "HEAD^{tree}"]))) return undefined;
    const signed = await runGit(place, ["config", "--type=bool", "commit.gpgSign"], { accept: [1] });
    const signature = signed.stdout.toString("utf8").trim() === "true" ? ["-S"] : [];
    const args = ["commit-tree", ...signature, tree, "-p", "HEAD", "-F", "-"];
    await runGit(place, ["merge", "--quiet", "--ff-only", await gitText(place, args, { input: message })]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return error.message;
  }
}

/** Both merged in memory, or the files in which they clash. */
async function combined(place: GitPlace, branch: string): Promise<{ tree: string; clash?: string }> {
  const args = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "HEAD", branch];
  const { code, stdout } = await runGit(place, args, { accept: [1] });
  const [tree = "", ...paths] = stdout.toString("utf8").split("\0");
  return code === 0 ? { tree } : { tree, clash: `both changed ${paths.filter((path) => path !== "").join(", ")}` };
}

/** A merge commit needs an author; where git has none, Forkjoin's own stands in. */
async function missingIdentity(place: GitPlace): Promise<Pick<GitPlace, "identity">> {
  const { code } = await runGit(place, ["var", "GIT_COMMITTER_IDENT"], { accept: [1, 128] });
  return code === 0 ? {} : { identity: FALLBACK_IDENTITY };
}
