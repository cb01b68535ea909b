/**
 * What a workspace with a real tree of dependencies costs: this repository's own lock file, `npm ci` in every workspace, and once for
 * all. Needs `npm run build` and the npm registry; prints one table. WHOLE=3 and SHARED=20 say how many workspaces; BENCH_TMP names
 * a folder on another file system.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRepository } from "../build/adapters/git/repository/git-repository.js";
import { locateRepository } from "../build/adapters/git/repository/repository-location.js";
import { gitWorkspaces } from "../build/adapters/git/workspace/git-workspaces.js";
import { commandValidator } from "../build/adapters/process/command-validator.js";
import { bubblewrap } from "../build/adapters/sandbox/bubblewrap.js";
import { SetupOnce } from "../build/adapters/setup/setup-once.js";

const whole = Number(process.env.WHOLE ?? 3);
const shared = Number(process.env.SHARED ?? 20);
const folder = realpathSync(mkdtempSync(join(process.env.BENCH_TMP ?? tmpdir(), "forkjoin-packages-")));
const [root, home] = [join(folder, "repository"), join(folder, "home")];
const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };
const git = (...args) => execFileSync("git", args, { cwd: root, env: { ...process.env, ...who }, encoding: "utf8" });
const never = new AbortController().signal;

mkdirSync(root);
for (const name of ["package.json", "package-lock.json"]) {
  copyFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), join(root, name));
}
writeFileSync(join(root, ".gitignore"), "node_modules\n");
git("init", "-q");
git("add", "-A");
git("commit", "-qm", "x");

const located = await locateRepository(root);
const base = git("rev-parse", "HEAD").trim();
const files = await (await openRepository(located.value, join(folder, "engine.git"))).files(base);
const workspaces = gitWorkspaces(located.value, home);
const sandbox = bubblewrap(home);
const setup = new SetupOnce({ validator: commandValidator(sandbox), sandbox, home });
const commands = [["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]];

async function prepare(name, share) {
  const began = performance.now();
  const workspace = await workspaces.create({ run_id: "bench", name, base, copy: [] }, never);
  if (!workspace.ok) throw new Error(workspace.error.message);
  const about = {
    commands,
    copied: [],
    repository: root,
    files,
    scope: ["src/**"],
    sandbox: "auto",
    byClient: false,
    share,
  };
  const done = await setup.prepare({ workspace: workspace.value, ...about }, never);
  if (!done.ok || done.value.folders.length !== 1) throw new Error(JSON.stringify(done));
  return { workspace: workspace.value, ms: performance.now() - began };
}

/** Megabytes on the disk; a file with several names counts once. */
const used = () => Number(execFileSync("du", ["-sm", home], { encoding: "utf8" }).split("\t")[0]);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;
const mkHome = () => mkdirSync(home, { recursive: true });

try {
  mkHome();
  const alone = [];
  for (let count = 0; count < whole; count += 1) {
    const { workspace, ms } = await prepare(`whole/${count}`, false);
    alone.push({ ms, mb: used() });
    if (count === 0) {
      const found = readdirSync(join(workspace.directory, "node_modules"), { recursive: true, withFileTypes: true });
      console.log(`node_modules: ${found.filter((entry) => entry.isFile()).length} files`);
    }
    await workspace.dispose();
  }
  const before = used();
  const first = await prepare("shared/first", true);
  const installed = used() - before;
  const each = [];
  for (let count = 0; count < shared; count += 1) each.push((await prepare(`shared/${count}`, true)).ms);
  const more = used() - before - installed;
  const began = performance.now();
  await Promise.all(Array.from({ length: shared }, (_, count) => prepare(`together/${count}`, true)));
  const together = performance.now() - began;
  console.log("\n| what | time | disk |\n|---|---|---|");
  console.log(
    `| \`npm ci\` in the workspace, ${whole} times | ${seconds(median(alone.map(({ ms }) => ms)))} | ${median(alone.map(({ mb }) => mb))} MB |`,
  );
  console.log(`| the first of those that share | ${seconds(first.ms)} | ${installed} MB |`);
  console.log(`| every later one, ${shared} times | ${seconds(median(each))} | ${(more / shared).toFixed(1)} MB |`);
  console.log(`| ${shared} at once | ${seconds(together)} | |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
