/**
 * Phase 4's cost: the verifier on large trees, and one attempt (workspace, sandbox, verification, commit) beside `git worktree add`,
 * a plain spawn and `git commit`. Needs `npm run build`; prints one table. SIZES=10000,50000 and ROUNDS=5 change what is measured.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitWorkspaces } from "../build/adapters/git/git-workspaces.js";
import { locateRepository } from "../build/adapters/git/repository-location.js";
import { bubblewrap } from "../build/adapters/sandbox/bubblewrap.js";

const sizes = (process.env.SIZES ?? "10000,50000").split(",").map(Number);
const rounds = Number(process.env.ROUNDS ?? 5);
const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-execute-")));
const home = join(folder, "home");
const rows = [];
const row = (what, goal, reached) => rows.push(`| ${what} | ${goal} | ${reached} |`);
const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };
const git = (cwd, ...args) => execFileSync("git", args, { cwd, env: { ...process.env, ...who }, stdio: "pipe" });
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** 50 files to a folder. */
function repositoryOf(count) {
  const root = join(folder, `r${count}`);
  for (let file = 0; file < count; file++) {
    const place = join(root, `d${Math.floor(file / 50)}`);
    if (file % 50 === 0) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `f${file}.txt`), `${file}\n`);
  }
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "x");
  return root;
}

async function workspaceOf(root, name) {
  const located = await locateRepository(root);
  const base = git(root, "rev-parse", "HEAD").toString().trim();
  const request = { run_id: "bench", name, base, copy: [] };
  const created = await gitWorkspaces(located.value, home).create(request, new AbortController().signal);
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

async function verifier(count) {
  const workspace = await workspaceOf(repositoryOf(count), `verify${count}/1`);
  await workspace.snapshot();
  appendFileSync(join(workspace.directory, "d0/f0.txt"), "x");
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const changes = await workspace.changes();
    times.push(performance.now() - began);
    if (!changes.ok || changes.value.length !== 1) throw new Error("the change was not found");
  }
  await workspace.dispose();
  row(`verifier, ${count} files`, count <= 10_000 ? "≤ 400 ms" : "≤ 2 s", `${Math.round(median(times))} ms`);
}

const AGENT = ["sh", "-c", "echo x >> d0/f0.txt"];

function plain(root, round) {
  const began = performance.now();
  const tree = join(folder, `worktree${round}`);
  git(root, "worktree", "add", "-q", "--detach", tree);
  execFileSync(AGENT[0], AGENT.slice(1), { cwd: tree });
  git(tree, "commit", "-qam", "x");
  return performance.now() - began;
}

async function ours(root, round, sandbox) {
  const began = performance.now();
  const workspace = await workspaceOf(root, `cost/${round}`);
  await workspace.snapshot();
  const { directory, folder: own, borrowed } = workspace;
  const boundary = { task_boundary: "t", access: "write", scope: ["d0/f0.txt"] };
  const enclosure = {
    command: AGENT,
    directory,
    folder: own,
    boundary,
    network: true,
    borrowed,
    granted: [],
    guarded: [],
  };
  const [program, ...args] = sandbox === undefined ? AGENT : sandbox.enclose(enclosure);
  execFileSync(program, args, { cwd: directory });
  const changes = await workspace.changes();
  const paths = changes.value.map(({ path }) => path);
  const done = await workspace.commit({ paths, message: "x", ref: `refs/forkjoin/bench/${round}`, at: Date.now() });
  if (!done.ok) throw new Error(done.error.message);
  const ms = performance.now() - began;
  await workspace.dispose();
  return ms;
}

async function overhead() {
  const root = repositoryOf(1_000);
  const sandbox = bubblewrap(home);
  const probe = sandbox.probe();
  const times = { plain: [], verified: [], sandboxed: [] };
  for (let round = 0; round < rounds; round++) {
    times.plain.push(plain(root, round));
    times.verified.push(await ours(root, `v${round}`));
    if (probe.works) times.sandboxed.push(await ours(root, `s${round}`, sandbox));
  }
  const base = median(times.plain);
  const verified = median(times.verified);
  row("one attempt, 1,000 files: git worktree add + spawn + git commit", "", `${Math.round(base)} ms`);
  row("the same through Forkjoin, verified", "≤ 1.5×", `${Math.round(verified)} ms = ${(verified / base).toFixed(2)}×`);
  if (!probe.works) return row("the same, sandboxed", "≤ 1.5× + 60 ms", `skipped: ${probe.why}`);
  const more = median(times.sandboxed) - 1.5 * base;
  row(
    "the same, sandboxed",
    "≤ 1.5× + 60 ms",
    `${Math.round(median(times.sandboxed))} ms = 1.5× + ${Math.round(more)} ms`,
  );
}

try {
  for (const size of sizes) await verifier(size);
  await overhead();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(["| what | goal | reached |", "| --- | --- | --- |", ...rows].join("\n"));
