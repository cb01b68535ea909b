/** Finds the user's repository and reads, once, what Forkjoin needs to know about it; refuses what cannot work, with the cure. */
import { readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { GitError, type GitPlace, gitList, gitText } from "./git.ts";

export interface RepositoryLocation {
  /** top level of the user's checkout, or the git directory of a bare repository */
  root: string;
  gitDirectory: string;
  objects: string;
  objectFormat: string;
  identity: { name: string; email: string };
  /** keys of `[core]` that decide how content maps to files */
  safeConfig: [string, string][];
  /** the user's own ignore rules beside the tracked ones */
  exclude: string;
  shallow: string | undefined;
  bare: boolean;
}

export const FALLBACK_IDENTITY = { name: "Forkjoin", email: "forkjoin@localhost" };
const SAFE_KEYS = ["autocrlf", "eol", "filemode", "ignorecase", "symlinks", "longpaths", "safecrlf"];
const OLDEST_GIT = [2, 38] as const;

export async function locateRepository(directory: string): Promise<Result<RepositoryLocation>> {
  const old = await gitProblem(directory);
  if (old !== undefined) return err(old);
  const place: GitPlace = { cwd: directory };
  try {
    const names = ["--absolute-git-dir", "--git-common-dir", "--is-bare-repository", "--show-object-format"];
    const [gitDirectory = "", common = "", bare = "", objectFormat = ""] = (
      await gitText(place, ["rev-parse", ...names])
    ).split("\n");
    const commonDirectory = isAbsolute(common) ? common : resolve(directory, common);
    const root = bare === "true" ? gitDirectory : await gitText(place, ["rev-parse", "--show-toplevel"]);
    const settings = await settingsOf(place);
    return ok({
      root: await realpath(root),
      gitDirectory,
      objects: join(await realpath(commonDirectory), "objects"),
      objectFormat,
      identity: identityOf(settings),
      safeConfig: safeConfigOf(settings),
      exclude: await excludeRules(settings, commonDirectory),
      shallow: await textOf(join(commonDirectory, "shallow")),
      bare: bare === "true",
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const hint = "name the folder of a git repository (--repo DIR), or run `git init` there and commit once";
    return err(failure("not_a_repository", `repo ${directory}: ${error.message}`, hint));
  }
}

/** Git that is missing, too old, or a folder that does not exist. */
async function gitProblem(directory: string): Promise<Failure | undefined> {
  try {
    await realpath(directory);
  } catch {
    return failure("not_a_repository", `repo ${directory}: no such folder`, "name an existing folder with --repo DIR");
  }
  try {
    const version = await gitText({ cwd: directory }, ["version"]);
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
    if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return undefined;
    const hint = `install git ${OLDEST_GIT.join(".")} or later: merging in memory needs it`;
    return failure("git_too_old", `${version} is too old`, hint);
  } catch {
    return failure("git_too_old", "git was not found on PATH", `install git ${OLDEST_GIT.join(".")} or later`);
  }
}

/** Every setting by its lower-case key, in one call; where a key stands twice the last one counts. */
async function settingsOf(place: GitPlace): Promise<Map<string, string>> {
  const items = await gitList(place, ["config", "--list", "-z"]);
  return new Map(items.map((item) => (item.includes("\n") ? split(item) : [item, "true"])));
}

function split(item: string): [string, string] {
  const at = item.indexOf("\n");
  return [item.slice(0, at), item.slice(at + 1)];
}

function identityOf(settings: Map<string, string>): { name: string; email: string } {
  const name = process.env.GIT_AUTHOR_NAME || settings.get("user.name");
  const email = process.env.GIT_AUTHOR_EMAIL || settings.get("user.email");
  return name && email ? { name, email } : FALLBACK_IDENTITY;
}

function safeConfigOf(settings: Map<string, string>): [string, string][] {
  return SAFE_KEYS.flatMap((key): [string, string][] => {
    const value = settings.get(`core.${key}`);
    return value === undefined || value === "" ? [] : [[key, value]];
  });
}

async function excludeRules(settings: Map<string, string>, commonDirectory: string): Promise<string> {
  const named = settings.get("core.excludesfile");
  const global = named?.replace(/^~(?=\/)/, homedir()) ?? join(homedir(), ".config", "git", "ignore");
  const rules = [await textOf(global), await textOf(join(commonDirectory, "info", "exclude"))];
  return rules.filter((text) => text !== undefined).join("\n");
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
