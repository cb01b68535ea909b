/**
 * Windows of a public history as tasks, with the truth from git alone: a commit needs another when it does not apply to the
 * window's base without it.
 */
import { execFileSync } from "node:child_process";

const WHO = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };
const DATE = { GIT_AUTHOR_DATE: "@0 +0000", GIT_COMMITTER_DATE: "@0 +0000" };

/** `size` commits in a row without merges, the newest `skip` commits before the head. */
export function historyWindow(repository, { skip, size }) {
  const git = (...args) => execFileSync("git", args, options(repository)).trimEnd();
  const list = git("rev-list", "--first-parent", "--no-merges", `--skip=${skip}`, `-n${size}`, "HEAD").split("\n");
  const commits = list.reverse();
  const base = git("rev-parse", `${commits[0]}^`);
  const repo = { git, base, memo: new Map(), sides: new Map() };
  const tasks = commits.map((commit, place) => ({
    id: `t${String(place + 1).padStart(2, "0")}`,
    subject: git("log", "-1", "--format=%s", commit),
    commit,
    files: git("diff-tree", "-r", "--no-renames", "--name-only", "--no-commit-id", commit).split("\n").filter(Boolean),
  }));
  const all = new Map(tasks.map((task, place) => [task.id, textualNeeds(repo, tasks, place)]));
  const direct = (ids) => ids.filter((id) => !ids.some((other) => all.get(other).includes(id)));
  return { base, tasks, needs: new Map([...all].map(([id, ids]) => [id, direct(ids)])) };
}

function options(repository) {
  const env = { ...process.env, ...WHO, ...DATE };
  return { cwd: repository, encoding: "utf8", env, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] };
}

/** The fewest earlier commits without which this one does not apply: all of them, less each that can be left out. */
function textualNeeds(repo, tasks, place) {
  const applies = (set) => applied(repo, [...set, tasks[place]]) !== undefined;
  if (applies([])) return [];
  let set = tasks.slice(0, place);
  if (!applies(set)) return [];
  const close = connected(tasks.slice(0, place + 1), place);
  const near = set.filter((other) => close.has(other));
  if (applies(near)) set = near;
  for (const one of set.toReversed()) {
    const fewer = set.filter((other) => other !== one);
    if (applies(fewer)) set = fewer;
  }
  return set.map((task) => task.id);
}

/** What shares a file with the commit, with what shares one with that, and so on: tried first, since it most often is enough. */
function connected(tasks, place) {
  const found = new Set([tasks[place]]);
  for (const one of found) {
    for (const other of tasks) if (other.files.some((file) => one.files.includes(file))) found.add(other);
  }
  return found;
}

/** The tree of the base with these changes on it, in order; undefined when one does not apply. */
function applied(repo, tasks) {
  let tree = `${repo.base}^{tree}`;
  for (const { commit } of tasks) {
    const key = `${tree} ${commit}`;
    if (!repo.memo.has(key)) repo.memo.set(key, pick(repo, tree, commit));
    tree = repo.memo.get(key);
    if (tree === undefined) return undefined;
  }
  return tree;
}

/** Git 2.38 cannot be told a merge base, so commits are made whose history says it. */
function pick({ git, sides }, tree, commit) {
  const once = (of, ...parents) => {
    const key = [of, ...parents].join(" ");
    if (!sides.has(key)) sides.set(key, git("commit-tree", of, ...parents.flatMap((id) => ["-p", id]), "-m", "side"));
    return sides.get(key);
  };
  const parent = once(`${commit}^^{tree}`);
  try {
    return git("merge-tree", "--write-tree", once(tree, parent), once(`${commit}^{tree}`, parent)).split("\n")[0];
  } catch {
    return undefined;
  }
}
