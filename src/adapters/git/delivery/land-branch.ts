/** `forkjoin land`: the one command that changes the user's checkout, because the user asked for exactly that. */
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitList, gitText, runGit } from "../git.ts";
import { FALLBACK_IDENTITY } from "../repository/repository-location.ts";
import { actAsUser, type UserAct } from "./act-as-user.ts";
import { hooksOf, type MergeKind, runMessageHooks } from "./hooks.ts";
import { indexLock, type LandingProblem, landingProblem, underWay } from "./landing-problem.ts";

export interface LandRequest {
  /** the checkout whose branch takes the result */
  repository: string;
  branch: string;
  /** set: everything becomes one commit with this message */
  squash?: string;
  /** run the repository's hooks, as git does */
  hooks?: boolean;
  /** false: sign nothing, whatever the user's settings say */
  sign?: boolean;
  /** how long a program that signs may take */
  signing_ms?: number;
}

export interface LandedBranch {
  into: string;
  commit: string;
  /** true when the checked-out branch was not where the result begins: this combination has been tested by nobody */
  untested: boolean;
  /** hooks that git would have run */
  hooks_skipped: string[];
}

export interface Landing {
  repository: string;
  /** what the results were put on */
  base: string;
  branch: string;
  onto: string;
}

/** Longer than a program that signs needs; with a terminal a person may be typing a passphrase. */
const SIGNING_MS = process.stdin.isTTY === true ? 600_000 : 45_000;

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

/** Name of the branch that is checked out; undefined where HEAD is detached, or nothing is checked out. */
export async function checkedOut(repository: string): Promise<string | undefined> {
  const { code, stdout } = await runGit({ cwd: repository }, ["symbolic-ref", "--quiet", "--short", "HEAD"], {
    accept: [1, 128],
  });
  return code === 0 ? stdout.toString("utf8").trim() : undefined;
}

export async function hasBranch(repository: string, name: string): Promise<boolean> {
  const ref = `refs/heads/${name.replace(/^refs\/heads\//, "")}`;
  return (await runGit({ cwd: repository }, ["show-ref", "--verify", "--quiet", ref], { accept: [1, 128] })).code === 0;
}

/** Merges the branch into the one that is checked out, as `git merge` would; what does not work leaves the checkout as it was. */
export async function landBranch(request: LandRequest): Promise<Result<LandedBranch>> {
  const { repository, branch } = request;
  const place: GitPlace = { cwd: repository };
  if ((await gitText(place, ["rev-parse", "--is-bare-repository"])) === "true") {
    const hint = `push or fetch ${branch} where there is a checkout`;
    return err(failure("dirty_worktree", `${repository} is bare: there is no branch that is checked out`, hint));
  }
  const busy = await underWay(place);
  if (busy !== undefined) return err(busy);
  const into = (await checkedOut(repository)) ?? "HEAD";
  const ahead = await runGit(place, ["merge-base", "--is-ancestor", "HEAD", branch], { accept: [1] });
  const kind: MergeKind = request.squash !== undefined ? "squash" : ahead.code === 0 ? "fast-forward" : "merge";
  const signs = request.sign !== false && kind !== "fast-forward" && (await wantsSignature(place));
  const act: UserAct = {
    repository,
    hooks: request.hooks === true,
    ...(signs ? { limit_ms: request.signing_ms ?? SIGNING_MS } : {}),
    ...(await missingIdentity(place)),
  };
  const problem = await (request.squash === undefined
    ? merge(act, branch, request.sign)
    : squash(act, branch, { message: request.squash, signs }));
  if (problem !== undefined) {
    const attempted = { into, branch, moved: ahead.code !== 0, act, lock: await indexLock(place) };
    return err(landingProblem(problem, attempted));
  }
  const commit = await gitText(place, ["rev-parse", "HEAD"]);
  const skipped = request.hooks === true ? [] : await hooksOf(repository, kind);
  return ok({ into, commit, untested: ahead.code !== 0, hooks_skipped: skipped });
}

/** Why it could not be merged; the checkout is as it was then. A clash is found before git touches anything. */
async function merge(act: UserAct, branch: string, sign: boolean | undefined): Promise<LandingProblem | undefined> {
  try {
    const { clash } = await combined(act.repository, branch);
    if (clash.length > 0 && !(await hasMergeDriver(act.repository, clash))) return { clash };
    await actAsUser(act, ["merge", "--no-edit", ...(sign === false ? ["--no-gpg-sign"] : []), branch]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if ((await underWay({ cwd: act.repository })) !== undefined) await actAsUser(act, ["merge", "--abort"], [128]);
    return { error };
  }
}

/** The commit is made aside and taken over in one step: whatever interrupts it, the checkout is as it was or has all of it. */
async function squash(
  act: UserAct,
  branch: string,
  { message, signs }: { message: string; signs: boolean },
): Promise<LandingProblem | undefined> {
  const place: GitPlace = { cwd: act.repository };
  try {
    const { tree, clash } = await combined(act.repository, branch);
    if (clash.length > 0) return { clash };
    if (tree === (await gitText(place, ["rev-parse", "HEAD^{tree}"]))) return undefined;
    const text = act.hooks ? await runMessageHooks(act, message) : message;
    const args = ["commit-tree", ...(signs ? ["-S"] : []), tree, "-p", "HEAD", "-F", "-"];
    const made = await actAsUser(act, args, [], text);
    await actAsUser(act, ["merge", "--quiet", "--ff-only", made.stdout.toString("utf8").trim()]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { error };
  }
}

/** Both merged in memory, and the files in which they clash. */
async function combined(repository: string, branch: string): Promise<{ tree: string; clash: string[] }> {
  const args = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "HEAD", branch];
  const { code, stdout } = await runGit({ cwd: repository }, args, { accept: [1] });
  const [tree = "", ...paths] = stdout.toString("utf8").split("\0");
  return { tree, clash: code === 0 ? [] : paths.filter((path) => path !== "") };
}

/** Attributes can make git merge what clashes line by line; merging in memory does not know them. */
async function hasMergeDriver(repository: string, paths: string[]): Promise<boolean> {
  const items = await gitList({ cwd: repository }, ["check-attr", "-z", "merge", "--", ...paths.slice(0, 500)]);
  return items.some((value, index) => index % 3 === 2 && !["unspecified", "unset", "set", "text"].includes(value));
}

async function wantsSignature(place: GitPlace): Promise<boolean> {
  const { stdout } = await runGit(place, ["config", "--type=bool", "commit.gpgSign"], { accept: [1] });
  return stdout.toString("utf8").trim() === "true";
}

/** A merge commit needs an author; where git has none, Forkjoin's own stands in. */
async function missingIdentity({ cwd }: GitPlace): Promise<Pick<UserAct, "identity">> {
  const { code } = await actAsUser({ repository: cwd, hooks: false }, ["var", "GIT_COMMITTER_IDENT"], [1, 128]);
  return code === 0 ? {} : { identity: FALLBACK_IDENTITY };
}
