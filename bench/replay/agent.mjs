/** The agent of a replay: does its task by picking the commit that the task stands for. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { FORKJOIN_TASK_ID: task, REPLAY_COMMITS: file } = process.env;
const commit = JSON.parse(readFileSync(file, "utf8"))[task];
const { status } = spawnSync("git", ["cherry-pick", "--allow-empty", "--keep-redundant-commits", commit], {
  stdio: "inherit",
  env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" },
});
process.exitCode = status ?? 1;
