/** The branch a run leaves behind, and the project's tests on a fresh clone of it. */
import { spawnSync } from "node:child_process";
import { git } from "./git.mjs";

/** The branches that runs made, without `refs/heads/`. */
export function runBranches(project) {
  const names = git(project, ["for-each-ref", "--format=%(refname:short)", "refs/heads/forkjoin"]);
  return names === "" ? [] : names.split("\n");
}

export function changedPaths(project, branch) {
  return git(project, ["diff", "--name-only", "--no-renames", "main", branch]).split("\n").filter(Boolean).sort();
}

export function branchLog(project, branch) {
  return git(project, ["log", "--graph", "--oneline", "--stat=100", `main..${branch}`]);
}

/** References that keep what was not accepted. */
export function keptRefs(project) {
  return git(project, ["for-each-ref", "--format=%(objectname:short) %(refname)", "refs/forkjoin"]);
}

/** Runs the tests of `branch` in a clone made at `directory`, which knows nothing of the run. */
export function testBranch(project, branch, directory) {
  git(project, ["clone", "--quiet", "--single-branch", "--branch", branch, project, directory]);
  const command = ["--test", "--test-reporter=tap"];
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: directory, encoding: "utf8" });
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  return { passed: status === 0, pass: count("pass"), fail: count("fail") };
}
