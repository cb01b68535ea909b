/** Why a result could not be merged into the user's branch, told apart, each with the one cure that helps. */
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { type Failure, failure } from "../../../core/model/failure.ts";
import { type GitError, type GitPlace, gitText } from "../git.ts";
import { WAITED } from "../user-git.ts";
import type { UserAct } from "./act-as-user.ts";

/** Files that both changed, or what git said. */
export type LandingProblem = { clash: string[] } | { error: GitError };

export interface Attempted {
  into: string;
  branch: string;
  /** the checked-out branch is not where the result begins */
  moved: boolean;
  act: UserAct;
  /** a lock that is there after git has ended: another git's, or left by one that was killed */
  lock: string | undefined;
}

const UNDER_WAY: [file: string, what: string, command: string][] = [
  ["MERGE_HEAD", "a merge", "git merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick"],
  ["REVERT_HEAD", "a revert", "git revert"],
  ["rebase-merge", "a rebase", "git rebase"],
  ["rebase-apply", "a rebase", "git rebase"],
];

/** Something of the user's that is not finished: another merge would not begin, and undoing ours would undo it. */
export async function underWay(place: GitPlace): Promise<Failure | undefined> {
  for (const [file, what, command] of UNDER_WAY) {
    const path = resolve(place.cwd, await gitText(place, ["rev-parse", "--git-path", file]));
    if (!(await isThere(path))) continue;
    const hint = `finish it (\`${command} --continue\`) or give it up (\`${command} --abort\`), then land again`;
    return failure("dirty_worktree", `${what} is under way in ${place.cwd}`, hint);
  }
  return undefined;
}

/** The index's lock, where there is one. */
export async function indexLock(place: GitPlace): Promise<string | undefined> {
  const path = resolve(place.cwd, await gitText(place, ["rev-parse", "--git-path", "index.lock"]));
  return (await isThere(path)) ? path : undefined;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function landingProblem(problem: LandingProblem, attempted: Attempted): Failure {
  const { into, branch } = attempted;
  if ("clash" in problem) return clashed(problem.clash, attempted);
  const { error } = problem;
  const known = KNOWN.find(({ said }) => said.test(error.said));
  const message = `${branch} was not merged into ${into}: ${firstLines(error.said) || error.message}`;
  if (known !== undefined) return known.failure(message, { ...attempted, said: error.said });
  if (attempted.act.hooks) return failure("git_failed", message, "a hook refused it, or git did: mend what it names");
  return failure("git_failed", message, `\`git merge ${branch}\` by hand shows all that git has to say`);
}

function clashed(paths: string[], { into, branch, moved }: Attempted): Failure {
  const message = `${branch} does not merge into ${into}: both changed ${paths.join(", ")}`;
  const why = moved ? "your branch moved since the run began: " : "";
  const hint = `${why}\`forkjoin land --onto ${into}\` puts the results on it anew, or merge ${branch} by hand`;
  return { code: "merge_conflict", message, hint, paths };
}

interface Said extends Attempted {
  said: string;
}

interface Known {
  said: RegExp;
  failure(message: string, attempted: Said): Failure;
}

/** The first that fits counts. */
const KNOWN: Known[] = [
  {
    said: /untracked (working tree )?files would be (overwritten|removed)|would lose untracked files/,
    failure: (message, { said }) => {
      const paths = listedIn(said);
      const cure = `move or remove ${paths.join(", ") || "what git names"}, which git does not track`;
      return failure("dirty_worktree", message, `${cure}, then land again`);
    },
  },
  {
    said: /local changes to the following files would be overwritten|not uptodate|Your local changes/,
    failure: (message, { said }) => {
      const paths = listedIn(said);
      const cure = `commit or stash your changes to ${paths.join(", ") || "what git names"}`;
      return failure("dirty_worktree", message, `${cure}, then land again`);
    },
  },
  {
    said: /\.lock': File exists|cannot lock ref|Unable to create '[^']*\.lock'|Unable to write (new )?index/,
    failure: (message, { said, lock }) => {
      const file = /'([^']*\.lock)'/.exec(said)?.[1] ?? lock;
      const rest = file === undefined ? "then land again" : `where none runs, rm ${file}`;
      return failure("git_failed", message, `another git holds the repository: let it end; ${rest}`);
    },
  },
  {
    said: /gpg failed to sign|failed to sign|signing failed|gpg:|ssh-keygen|Couldn't load public key|No (private|secret) key/i,
    failure: unsigned,
  },
  { said: new RegExp(WAITED), failure: unsigned },
  {
    said: /unmerged files|index file is unmerged|have not concluded/,
    failure: (message) =>
      failure("dirty_worktree", message, "settle the unmerged files (`git status` names them) first"),
  },
  {
    said: /unrelated histories/,
    failure: (message, { branch }) =>
      failure(
        "git_failed",
        message,
        `the branch you are on has nothing in common with ${branch}: switch to the one it began from`,
      ),
  },
  {
    said: /No space left|Disk quota exceeded/,
    failure: (message) => failure("git_failed", message, "make room on the disk, then land again"),
  },
  {
    said: /[Pp]ermission denied|insufficient permission|Read-only file system/,
    failure: (message, { act }) =>
      failure("git_failed", message, `see that you may write everything in ${act.repository}, then land again`),
  },
  {
    said: /smudge filter|external filter|clean filter/,
    failure: (message) =>
      failure(
        "git_failed",
        message,
        "a filter of .gitattributes failed: install what it needs (such as git-lfs), then land again",
      ),
  },
  {
    said: /unable to read|promisor|could not fetch|missing blob|bad object/,
    failure: (message) => failure("git_failed", message, "objects are missing here: `git fetch`, then land again"),
  },
];

function unsigned(message: string, { said }: Said): Failure {
  const waited = said.includes(WAITED) ? "the program that signs did not answer: " : "";
  const hint = `${waited}unlock your signing key, or land without a signature: --no-gpg-sign`;
  return failure("git_failed", message, hint);
}

/** Files stand on lines of their own, indented. */
function listedIn(said: string): string[] {
  return said.split("\n").flatMap((line) => /^(?:\t| {2})(\S.*)$/.exec(line)?.[1]?.trim() ?? []);
}

function firstLines(said: string): string {
  const lines = said
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(hint:|Aborting|Merge with strategy)/.test(line));
  return lines.slice(0, 6).join("\n").slice(0, 800);
}
