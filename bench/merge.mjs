/**
 * The merge lane against `git merge` in a worktree: N branches that change different files of a repository with 10,000, one commit each.
 * Both have to end with the same tree. Needs `npm run build`. FILES, BRANCHES (a list) and ROUNDS may be set.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "../build/adapters/git/repository/git-repository.js";
import { locateRepository } from "../build/adapters/git/repository/repository-location.js";
import { integrate } from "../build/core/5-aggregate/merge/integrate.js";
import { Configuration } from "../build/core/model/configuration.js";

const FILES = Number(process.env.FILES ?? 10_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const BRANCHES = (process.env.BRANCHES ?? "20,100").split(",").map(Number);
const GOAL = 8;
const memory = "/dev/shm";
const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "forkjoin-merge-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const environment = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };

function git(repository, args, input) {
  return execFileSync("git", args, {
    cwd: repository,
    env: environment,
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  }).trim();
}

const pathOf = (index) => `src/p${Math.floor(index / 1_000)}/m${Math.floor(index / 50) % 20}/file${index}.txt`;

function makeRepository(branches) {
  const repository = join(folder, `r${branches}`);
  mkdirSync(repository);
  git(repository, ["init", "-q", "-b", "main"]);
  git(repository, ["config", "user.name", "Ada"]);
  git(repository, ["config", "user.email", "ada@example.org"]);
  for (let index = 0; index < FILES; index += 1) {
    const file = join(repository, pathOf(index));
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `${index}\n${"line\n".repeat(20)}`);
  }
  git(repository, ["add", "--all"]);
  git(repository, ["commit", "-q", "-m", "Base"]);
  return repository;
}

/** Branch n changes three files nobody else changes, and adds one. */
function makeBranches(repository, count) {
  const base = git(repository, ["rev-parse", "HEAD"]);
  const step = Math.floor(FILES / count);
  const stream = [];
  for (let branch = 0; branch < count; branch += 1) {
    stream.push(
      `commit refs/heads/b${branch}`,
      "committer Ada <ada@example.org> 1700000000 +0000",
      "data 2",
      "b",
      `from ${base}`,
    );
    const paths = [0, 1, 2].map((place) => pathOf(branch * step + place));
    for (const path of [...paths, `new/n${branch}/added.txt`]) {
      const text = `changed by ${branch}\n`;
      stream.push(`M 100644 inline ${path}`, `data ${text.length}`, text);
    }
  }
  git(repository, ["fast-import", "--quiet"], `${stream.join("\n")}\n`);
  return {
    base,
    commits: git(repository, [
      "for-each-ref",
      "--format=%(objectname)",
      "--sort=version:refname",
      "refs/heads/b*",
    ]).split("\n"),
  };
}

function mergeInWorktree(repository, { base, commits }, name) {
  const worktree = join(folder, name);
  git(repository, ["worktree", "add", "-q", "--detach", worktree, base]);
  const began = performance.now();
  for (const commit of commits) git(worktree, ["merge", "-q", "--no-edit", commit]);
  const ms = performance.now() - began;
  const tree = git(worktree, ["rev-parse", "HEAD^{tree}"]);
  git(repository, ["worktree", "remove", "--force", worktree]);
  return { ms, tree };
}

async function mergeInLane(repository, { base, commits }, round) {
  const located = await locateRepository(repository);
  const opened = await openRepository(located.value, join(folder, `engine-${commits.length}-${round}`));
  const settings = { ...Configuration.parse({}), agents: {}, checks: {} };
  const tasks = commits.map((_, index) => ({ id: `t${index}`, description: `Task ${index}`, files: [] }));
  const attempts = commits.map((commit, index) => {
    const change = { commit, files: [], insertions: 0, deletions: 0 };
    return {
      task_id: `t${index}`,
      attempt: 1,
      state: "accepted",
      base,
      change,
      started_at: 1,
      finished_at: 1_700_000_000_000,
    };
  });
  const request = {
    run: { run_id: `bench-${round}`, base_commit: base, settings },
    list: { tasks },
    plan: { batches: [{ batch_id: 1, tasks: tasks.map((task) => task.id) }] },
    ...{
      attempts,
      decisions: [],
      remembered: [],
      previous: undefined,
      set_aside: [],
      strategy: "first_wins_with_merge",
    },
  };
  const ports = { repository: opened, analyser: { languageOf: () => undefined }, cache: undefined };
  const began = performance.now();
  const { tip, conflicts } = await integrate(request, ports);
  const ms = performance.now() - began;
  if (conflicts.length > 0) throw new Error("conflicts among branches that touch different files");
  return { ms, tree: await opened.treeOf(tip) };
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(
  `merging N branches that touch different files, ${FILES} files, median of ${ROUNDS} rounds in turn, in memory where there is /dev/shm`,
);
console.log("N    git merge  lane     each    faster  trees");
for (const count of BRANCHES) {
  const repository = makeRepository(count);
  const branches = makeBranches(repository, count);
  const plain = [];
  const lane = [];
  const trees = new Set();
  for (let round = 0; round < ROUNDS; round += 1) {
    const [first, second] = [
      mergeInWorktree(repository, branches, `w${count}-${round}`),
      await mergeInLane(repository, branches, round),
    ];
    plain.push(first.ms);
    lane.push(second.ms);
    trees.add(first.tree).add(second.tree);
  }
  const [slow, fast] = [middle(plain), middle(lane)];
  const factor = slow / fast;
  const same = trees.size === 1 ? "identical" : "DIFFERENT";
  console.log(
    `${String(count).padEnd(4)} ${`${slow.toFixed(0)} ms`.padEnd(10)} ${`${fast.toFixed(0)} ms`.padEnd(8)} ${`${(fast / count).toFixed(1)} ms`.padEnd(7)} ${factor.toFixed(1).padEnd(7)} ${same}`,
  );
  if (factor < GOAL || trees.size > 1) process.exitCode = 1;
}
