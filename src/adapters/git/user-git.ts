/** Git in the user's own repository: it sees the settings that git in the user's shell would see, and, where it acts for the user, all of that shell. */
import { type ChildProcess, spawn } from "node:child_process";
import { GitError, type GitOutput } from "./git-error.ts";

export interface UserCall {
  input?: string | Buffer;
  /** exit codes that are answers, not errors; 0 always is */
  accept?: number[];
  /** environment over the user's */
  env?: Record<string, string>;
  /** `-c` settings of this call */
  config?: string[];
  /** an unanswered question (a passphrase, a login) ends the command after so many milliseconds */
  limit_ms?: number;
}

/** Variables that say which repository git works on: what a hook or an alias has set is about another one. */
const ANOTHER_REPOSITORY =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|IMPLICIT_WORK_TREE|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|CONFIG|DEFAULT_HASH|DEFAULT_REF_FORMAT|INTERNAL_.*|QUARANTINE_PATH|REFLOG_ACTION|.*_PATHSPECS|EXTERNAL_DIFF|DIFF_OPTS)$/;
/** Variables that say where the user's settings are, or are settings themselves. */
const SETTINGS = /^(XDG_CONFIG_HOME|GIT_CONFIG_(?!NOSYSTEM$).+|GIT_CONFIG_NOSYSTEM)$/;

function chosen(isWanted: (name: string) => boolean): Record<string, string> {
  const found = Object.entries(process.env).filter(([name]) => isWanted(name) && !ANOTHER_REPOSITORY.test(name));
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What git needs to read the user's settings, and no more. */
export function settingsEnvironment(): Record<string, string> {
  return chosen((name) => SETTINGS.test(name));
}

/** The user's shell: ssh agent, GPG, proxies, settings. Git speaks English, and asks nothing where nobody can answer. */
export function userEnvironment(): Record<string, string> {
  const silent: Record<string, string> = process.stdin.isTTY === true ? {} : { GIT_TERMINAL_PROMPT: "0" };
  return { ...silent, ...chosen(() => true), LC_ALL: "C", LANGUAGE: "C", GIT_MERGE_AUTOEDIT: "no" };
}

/** Runs git; throws {@link GitError} on an exit code that is not accepted, or when it was ended because it waited too long. */
export async function spawnGit(cwd: string, args: string[], call: UserCall = {}): Promise<GitOutput> {
  const config = (call.config ?? []).flatMap((setting) => ["-c", setting]);
  // A group of its own can be ended as a whole; on a terminal it would lose the terminal, where a person can press Ctrl-C.
  const detached = call.limit_ms !== undefined && process.stdin.isTTY !== true;
  const child = spawn("git", [...config, ...args], { cwd, env: call.env, stdio: "pipe", detached });
  const late = { now: false };
  const timer =
    call.limit_ms === undefined ? undefined : setTimeout(() => endLate(child, detached, late), call.limit_ms);
  try {
    const output = await outputOf(child, call.input);
    if (late.now) throw new GitError(args, { code: -1, stderr: WAITED });
    if (output.code !== 0 && !call.accept?.includes(output.code)) throw new GitError(args, output);
    return output;
  } finally {
    clearTimeout(timer);
  }
}

/** What a command that was ended for waiting too long is said to have answered. */
export const WAITED = "it waited for an answer that did not come";

function endLate(child: ChildProcess, group: boolean, late: { now: boolean }): void {
  late.now = true;
  try {
    if (group && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    else child.kill("SIGTERM");
  } catch {
    // It ended by itself.
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

async function outputOf(child: ReturnType<typeof spawn>, input: string | Buffer | undefined): Promise<GitOutput> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin?.on("error", () => undefined).end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => resolve(exit ?? -1));
  });
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") };
}
