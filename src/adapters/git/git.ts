/** The one way to git: every command goes through this runner, which keeps exit code, raw output and a clean environment. */
import { simpleGit } from "simple-git";
import { GitError, type GitOutput } from "./git-error.ts";
import { settingsEnvironment, spawnGit } from "./user-git.ts";

export { GitError };

/** Where and on what a command runs. Without `gitDir` git finds the repository itself from `cwd`. */
export interface GitPlace {
  cwd: string;
  gitDir?: string;
  workTree?: string;
  /** object database to read from and write to, in place of the git directory's own */
  objects?: string;
  /** one more object database to read from */
  borrowed?: string;
  indexFile?: string;
  identity?: { name: string; email: string };
}

/** A place with a git directory of ours. */
export type OwnGitPlace = GitPlace & { gitDir: string };

export interface GitCall {
  input?: string | Buffer;
  /** exit codes that are answers, not errors; 0 always is */
  accept?: number[];
  /** author and committer date, milliseconds since 1970 */
  at?: number;
}

const ENVIRONMENT = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_INDEX_FILE",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_GLOBAL",
  "GIT_OPTIONAL_LOCKS",
  "GIT_TERMINAL_PROMPT",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_AUTHOR_NAME",
  "GIT_AUTHOR_EMAIL",
  "GIT_AUTHOR_DATE",
  "GIT_COMMITTER_NAME",
  "GIT_COMMITTER_EMAIL",
  "GIT_COMMITTER_DATE",
];

export const SAFE_CONFIG = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "gc.auto=0", "core.quotePath=false"];

/** Runs git and returns its output; throws {@link GitError} on an exit code that `call` does not accept. */
export async function runGit(place: GitPlace, args: string[], call: GitCall = {}): Promise<GitOutput> {
  const env = gitEnvironment(place, call.at);
  if (place.gitDir === undefined) return spawnGit(place.cwd, args, { ...call, env, config: SAFE_CONFIG });
  const output: GitOutput = { code: -1, stdout: Buffer.alloc(0), stderr: "" };
  const git = simpleGit({
    baseDir: place.cwd,
    config: SAFE_CONFIG,
    unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeConfigPaths: true },
    allowEnvironment: ENVIRONMENT,
    completion: { onClose: true, onExit: false },
    errors: (_error, result) => {
      output.code = result.exitCode;
      output.stdout = Buffer.concat(result.stdOut);
      output.stderr = Buffer.concat(result.stdErr).toString("utf8");
      return undefined;
    },
    ...(call.input === undefined ? {} : { input: () => call.input }),
  })
    .env(env)
    .outputHandler(withoutWaiting);
  await git.raw(args);
  if (output.code !== 0 && !call.accept?.includes(output.code)) throw new GitError(args, output);
  return output;
}

/** simple-git waits 50 ms more after a command that printed nothing; an empty chunk tells it that nothing is missing. */
function withoutWaiting(_command: string, stdout: NodeJS.ReadableStream): void {
  queueMicrotask(() => stdout.emit("data", Buffer.alloc(0)));
}

/** The command's standard output as text without its final line break. */
export async function gitText(place: GitPlace, args: string[], call: GitCall = {}): Promise<string> {
  const { stdout } = await runGit(place, args, call);
  return stdout.toString("utf8").replace(/\n$/, "");
}

/** NUL-separated output as a list. */
export async function gitList(place: GitPlace, args: string[], call: GitCall = {}): Promise<string[]> {
  const { stdout } = await runGit(place, args, call);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((item) => item !== "");
}

/** A place with a git directory of ours sees no configuration but its own; the user's repository sees the user's. */
export function gitEnvironment(place: GitPlace, at?: number): Record<string, string> {
  const date = at === undefined ? undefined : `@${Math.floor(at / 1_000)} +0000`;
  const values: Record<string, string | undefined> = {
    ...(place.gitDir === undefined ? settingsEnvironment() : {}),
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    SystemRoot: process.env.SystemRoot,
    LC_ALL: "C",
    GIT_DIR: place.gitDir,
    GIT_WORK_TREE: place.workTree,
    GIT_OBJECT_DIRECTORY: place.objects,
    // Quoted: the list has a separator that a path may have, too.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: place.borrowed === undefined ? undefined : JSON.stringify(place.borrowed),
    GIT_INDEX_FILE: place.indexFile,
    ...(place.gitDir === undefined ? {} : { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" }),
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_AUTHOR_NAME: place.identity?.name,
    GIT_AUTHOR_EMAIL: place.identity?.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: place.identity?.name,
    GIT_COMMITTER_EMAIL: place.identity?.email,
    GIT_COMMITTER_DATE: date,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
