/** Git as the demo uses it: nothing of the user's own git configuration takes part. */
import { execFileSync } from "node:child_process";
import { devNull } from "node:os";

const ISOLATED = { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1", GIT_OPTIONAL_LOCKS: "0" };

/** Standard output of `git args` in `directory`; throws when it fails. */
export function git(directory, args, environment = {}) {
  const env = { ...withoutRepository(process.env), ...ISOLATED, ...environment };
  return execFileSync("git", args, {
    cwd: directory,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trimEnd();
}

/** `environment` without what would point git at another repository, as when the demo is started from a hook. */
export function withoutRepository(environment) {
  const names = Object.keys(environment).filter((name) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_)/.test(name));
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
