/** How long the graph takes when one file changed since the last time: in a new process, and in a running one. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone, json, row, script } from "./ground.mjs";

const WHO = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };

/** Commits that each change one file, on a copy without files. */
export function warm({ name, file, rounds }) {
  const repository = clone(name, `warm, ${name}`);
  if (repository === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-warm-"));
  const commits = changedCommits(repository, { folder, file, count: 3 * rounds });
  const run = (...revisions) =>
    json(process.execPath, [script("warm-graph.mjs"), folder, join(folder, "cache"), ...revisions]).laps;
  run("HEAD");
  const laps = Array.from({ length: rounds }, (_, round) => {
    const [fresh] = run(commits[3 * round]);
    const [, live] = run(commits[3 * round + 1], commits[3 * round + 2]);
    return { files: fresh.files, fresh: fresh.ms, live: live.ms };
  });
  rmSync(folder, { recursive: true, force: true });
  row(
    `warm, one file changed, ${laps[0].files} code files of ${name}`,
    "≤ 1 s new process, ≤ 300 ms running",
    `${median(laps, "fresh")} ms, ${median(laps, "live")} ms`,
  );
}

function changedCommits(repository, { folder, file, count }) {
  const git = (...args) =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...WHO } }).trim();
  git("clone", "--quiet", "--shared", "--no-checkout", repository, ".");
  git("read-tree", "HEAD");
  return Array.from({ length: count }, (_, number) => {
    writeFileSync(
      join(folder, "changed"),
      `${git("show", `HEAD:${file}`)}\nexport const change${number} = ${number}\n`,
    );
    git("update-index", "--cacheinfo", `100644,${git("hash-object", "-w", "changed")},${file}`);
    return git("commit-tree", git("write-tree"), "-p", "HEAD", "-m", "c");
  });
}

function median(laps, key) {
  return laps.map((lap) => lap[key]).sort((a, b) => a - b)[Math.floor(laps.length / 2)];
}
