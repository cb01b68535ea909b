/** Finds the user's repository and reads, once, what Forkjoin needs to know about it; refuses what cannot work, with the cure. */
import { readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { type Failure, failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitList, gitText, runGit } from "../git.ts";

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
  /** remote that has what this partial clone lacks; undefined where the clone is whole */
  promisor: string | undefined;
  /** addresses of the remotes by name, without what logs in there */
  remotes: Map<string, string>;
  /** files that all of this was read from, whether they exist or not */
  sources: string[];
}

export const FALLBACK_IDENTITY = { name: "Forkjoin", email: "forkjoin@localhost" };
const SAFE_KEYS = ["autocrlf", "eol", "filemode", "ignorecase", "symlinks", "longpaths", "safecrlf"];
const OLDEST_GIT = [2, 38] as const;

export async function locateRepository(directory: string): Promise<Result<RepositoryLocation>> {
  const old = await gitProblem(directory);
  if (old !== undefined) return err(old);
  try {
    return ok(await locate(directory));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const hint = "name the folder of a git repository (--repo DIR), or run `git init` there and commit once";
    return err(failure("not_a_repository", `repo ${directory}: ${error.message}`, hint));
  }
}

async function locate(directory: string): Promise<RepositoryLocation> {
  const { gitDirectory, common, bare, objectFormat, root } = await placesOf(directory);
  const { values, files } = await settingsOf({ cwd: directory });
  const commonDirectory = isAbsolute(common) ? common : resolve(directory, common);
  const ignoring = ignoreFiles(values, commonDirectory);
  const shallow = join(commonDirectory, "shallow");
  return {
    root: await realpath(root),
    gitDirectory,
    objects: join(await realpath(commonDirectory), "objects"),
    objectFormat,
    identity: identityOf(values),
    safeConfig: safeConfigOf(values),
    exclude: (await Promise.all(ignoring.map(textOf))).filter((text) => text !== undefined).join("\n"),
    shallow: await textOf(shallow),
    bare,
    promisor: promisorOf(values),
    remotes: remotesOf(values, await realpath(root)),
    sources: [join(directory, ".git"), gitDirectory, ...files, ...ignoring, shallow],
  };
}

interface Places {
  gitDirectory: string;
  common: string;
  bare: boolean;
  objectFormat: string;
  root: string;
}

/** In a bare repository git answers all but the top level, and exits with 128. */
async function placesOf(directory: string): Promise<Places> {
  const names = ["--absolute-git-dir", "--git-common-dir", "--is-bare-repository", "--show-object-format"];
  const args = ["rev-parse", ...names, "--show-toplevel"];
  const output = await runGit({ cwd: directory }, args, { accept: [128] });
  const [gitDirectory = "", common = "", bare, objectFormat = "", root] = output.stdout.toString("utf8").split("\n");
  if (bare === "true") return { gitDirectory, common, bare: true, objectFormat, root: gitDirectory };
  if (output.code !== 0 || root === undefined) throw new GitError(args, output);
  return { gitDirectory, common, bare: false, objectFormat, root };
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

/** Every setting by its lower-case key, and the files they stand in, in one call; where a key stands twice the last one counts. */
async function settingsOf(place: GitPlace): Promise<{ values: Map<string, string>; files: string[] }> {
  const items = await gitList(place, ["config", "--list", "--show-origin", "-z"]);
  const values = new Map<string, string>();
  const files = new Set(usualFiles());
  for (let index = 0; index < items.length; index += 2) {
    const [origin = "", setting = ""] = items.slice(index, index + 2);
    values.set(...split(setting));
    if (origin.startsWith("file:")) files.add(resolve(place.cwd, origin.slice("file:".length)));
  }
  return { values, files: [...files] };
}

/** Where git looks for settings, also when there is nothing yet. */
function usualFiles(): string[] {
  const named = [process.env.GIT_CONFIG_GLOBAL, process.env.GIT_CONFIG_SYSTEM].filter((file) => file !== undefined);
  return ["/etc/gitconfig", join(homedir(), ".gitconfig"), join(configurationHome(), "git", "config"), ...named];
}

function configurationHome(): string {
  return process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
}

function split(item: string): [string, string] {
  const at = item.indexOf("\n");
  return at < 0 ? [item, "true"] : [item.slice(0, at), item.slice(at + 1)];
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

function ignoreFiles(settings: Map<string, string>, commonDirectory: string): string[] {
  const named = settings.get("core.excludesfile")?.replace(/^~(?=\/)/, homedir());
  return [named ?? join(configurationHome(), "git", "ignore"), join(commonDirectory, "info", "exclude")];
}

function promisorOf(settings: Map<string, string>): string | undefined {
  const named = settings.get("extensions.partialclone");
  if (named !== undefined) return named;
  const found = [...settings].find(([key, value]) => /^remote\..+\.promisor$/.test(key) && value === "true");
  return found?.[0].slice("remote.".length, -".promisor".length);
}

/** The repository stands in for a remote where it has none: git resolves relative addresses of submodules by it. */
function remotesOf(settings: Map<string, string>, root: string): Map<string, string> {
  const found = [...settings].flatMap(([key, value]): [string, string][] => {
    const name = /^remote\.(.+)\.url$/.exec(key)?.[1];
    return name === undefined || /[\n"\\]/.test(`${name}${value}`) ? [] : [[name, addressOf(value, root)]];
  });
  return new Map(found.length === 0 ? [["origin", root]] : found.slice(0, 20));
}

function addressOf(url: string, root: string): string {
  if (/^\.\.?(\/|$)/.test(url)) return resolve(root, url);
  return url.replace(/^(https?:\/\/)[^/@]*@/, "$1");
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
