/** Plain git for tests, without the machine's own configuration; what it changes it changes because a test says so. */
import { execFileSync } from "node:child_process";

/** When its commits are made. */
export const DATE = Date.parse("2026-01-05T09:00:00Z");

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_AUTHOR_DATE: new Date(DATE).toISOString(),
  GIT_COMMITTER_DATE: new Date(DATE).toISOString(),
};

/** Standard output; throws when git does not exit with 0. */
export function git(directory: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd: directory,
    env: ENVIRONMENT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
