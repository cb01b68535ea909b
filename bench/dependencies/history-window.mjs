/**
 * Windows of a public history as tasks, with the truth from git and from the changes themselves, never from the analyser:
 * a commit needs another when it does not apply to the base without it, or adds a use of a name that the other introduces.
 */
import { execFileSync } from "node:child_process";

const WHO = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };
const DATE = { GIT_AUTHOR_DATE: "@0 +0000", GIT_COMMITTER_DATE: "@0 +0000" };
const DECLARES =
  /\b(?:function|class|interface|enum|type|const|let|def|fn|func|struct|trait|record)\s+(?:\([^)]*\)\s*)?([A-Za-z_]\w{4,})/g;

/** `size` commits in a row without merges, the newest `skip` commits before the head. */
export function historyWindow(repository, { skip, size }) {
  const git = (...args) => execFileSync("git", args, options(repository)).trimEnd();
  const list = git("rev-list", "--first-parent", "--no-merges", `--skip=${skip}`, `-n${size}`, "HEAD").split("\n");
  const commits = list.reverse();
  const base = git("rev-parse", `${commits[0]}^`);
  const repo = { git, base, repository, memo: new Map() };
  const tasks = commits.map((commit, place) => ({
    id: `t${String(place + 1).padStart(2, "0")}`,
    subject: git("log", "-1", "--format=%s", commit),
    commit,
    files: git("diff-tree", "-r", "--no-renames", "--name-only", "--no-commit-id", commit).split("\n").filter(Boolean),
    patch: patchOf(git, commit),
  }));
  const needs = new Map(tasks.map((task, place) => [task.id, textualNeeds(repo, tasks, place)]));
  const uses = new Map(tasks.map((task) => [task.id, namedNeeds(repo, tasks, task)]));
  return { base, tasks, needs, uses };
}

function options(repository) {
  const env = { ...process.env, ...WHO, ...DATE };
  return { cwd: repository, encoding: "utf8", env, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] };
}

/** path → added lines as one text */
function patchOf(git, commit) {
  const sections = git("diff-tree", "-r", "-p", "-U0", "--no-renames", "--no-commit-id", commit).split(/^diff --git /m);
  const added = sections.slice(1).map((section) => {
    const path = /^\+\+\+ b\/(.*)$/m.exec(section)?.[1];
    const lines = section.split("\n").filter((line) => /^\+(?!\+\+ )/.test(line));
    return [path, lines.join("\n")];
  });
  return new Map(added.filter(([path]) => path !== undefined));
}

/** The fewest earlier commits without which this one does not apply: all of them, less each that can be left out. */
function textualNeeds(repo, tasks, place) {
  if (applied(repo, [tasks[place]]) !== undefined) return [];
  let set = tasks.slice(0, place);
  if (applied(repo, [...set, tasks[place]]) === undefined) return [];
  for (const one of set.toReversed()) {
    const fewer = set.filter((other) => other !== one);
    if (applied(repo, [...fewer, tasks[place]]) !== undefined) set = fewer;
  }
  return set.map((task) => task.id);
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
function pick({ git }, tree, commit) {
  const parent = git("commit-tree", git("rev-parse", `${commit}^^{tree}`), "-m", "base");
  const side = (of) => git("commit-tree", git("rev-parse", of), "-p", parent, "-m", "side");
  try {
    return git("merge-tree", "--write-tree", side(tree), side(`${commit}^{tree}`)).split("\n")[0];
  } catch {
    return undefined;
  }
}

/** Earlier commits that introduce a name the base has nowhere, and that this commit adds a use of in another file. */
function namedNeeds({ git, base }, tasks, task) {
  const earlier = tasks.slice(0, tasks.indexOf(task));
  return earlier
    .filter((other) => introduced(git, base, other).some(({ path, name }) => usesName(task, name, path)))
    .map((other) => other.id);
}

function introduced(git, base, task) {
  task.introduced ??= [...task.patch].flatMap(([path, text]) =>
    [...new Set([...text.matchAll(DECLARES)].map((match) => match[1]))]
      .filter((name) => !known(git, base, name))
      .map((name) => ({ path, name })),
  );
  return task.introduced;
}

function known(git, base, name) {
  try {
    git("grep", "-q", "-w", "-F", "-e", name, base);
    return true;
  } catch {
    return false;
  }
}

function usesName(task, name, path) {
  return [...task.patch].some(([other, text]) => other !== path && new RegExp(`\\b${name}\\b`).test(text));
}
