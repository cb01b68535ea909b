/** One attempt — workspace, sandbox, verification, commit — beside `git worktree add`, a plain spawn and `git commit`, in turn. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { bubblewrap } from "../../build/adapters/sandbox/bubblewrap.js";
import { median } from "./median.mjs";
import { levels, Place } from "./place.mjs";
import { workspaceOf } from "./workspace-of.mjs";

const AGENT = ["sh", "-c", "echo x >> d0/f0.txt"];
const FILES = 1_000;

export async function* overhead({ rounds }) {
  const place = new Place(FILES);
  const sandboxed = levels().includes("sandboxed");
  const sandbox = bubblewrap(place.home);
  sandbox.probe();
  const times = { plain: [], verified: [], sandboxed: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.plain.push(await timed(() => plain(place, round)));
      times.verified.push(await attempt(place, `v/${round}`));
      if (sandboxed) times.sandboxed.push(await attempt(place, `s/${round}`, sandbox));
    }
  } finally {
    place[Symbol.dispose]();
  }
  yield* table(times, sandboxed);
}

function table(times, sandboxed) {
  const base = median(times.plain);
  const rows = [{ what: `${FILES} files: git worktree add + spawn + git commit`, reached: `${Math.round(base)} ms` }];
  const against = (name, goal, more) => {
    const ms = median(times[name]);
    const missed = ms > 1.5 * base + more;
    rows.push({
      what: `one attempt, ${name}`,
      goal,
      reached: `${Math.round(ms)} ms = ${(ms / base).toFixed(2)}×`,
      missed,
    });
  };
  against("verified", "≤ 1.5×", 0);
  if (sandboxed) against("sandboxed", "≤ 1.5× + 60 ms", 60);
  return rows;
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function plain(place, round) {
  const tree = join(place.folder, `worktree${round}`);
  place.git("worktree", "add", "-q", "--detach", tree);
  execFileSync(AGENT[0], AGENT.slice(1), { cwd: tree });
  place.git("-C", tree, "commit", "-qam", "x");
}

/** The workspace's removal is not counted, as that of the worktree is not. */
async function attempt(place, name, sandbox) {
  const began = performance.now();
  const workspace = await workspaceOf(place, name);
  await workspace.snapshot();
  const [program, ...args] = sandbox === undefined ? AGENT : sandbox.enclose(enclosureOf(workspace));
  execFileSync(program, args, { cwd: workspace.directory });
  const changes = await workspace.changes();
  if ((await workspace.tampering()).length > 0) throw new Error("nothing was planted");
  const paths = changes.value.map(({ path }) => path);
  const done = await workspace.commit({ paths, message: "x", ref: `refs/forkjoin/bench/${name}`, at: Date.now() });
  if (!done.ok) throw new Error(done.error.message);
  const ms = performance.now() - began;
  await workspace.dispose();
  return ms;
}

function enclosureOf({ directory, folder, hidden, borrowed, installed }) {
  const boundary = { task_boundary: "t", access: "write", scope: ["d0/f0.txt"] };
  const plain = { network: true, granted: [], guarded: [] };
  return { command: AGENT, directory, folder, boundary, borrowed, hidden, shown: [], installed, ...plain };
}
