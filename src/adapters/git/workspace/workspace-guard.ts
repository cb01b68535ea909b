/** Watches an attempt's own git directory: agents may use git there, and what would make git run a program or hide something fails the attempt. */
import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Violation } from "../../../core/model/attempt.ts";
import { isDangerous, type Setting, settingsOf } from "../guard/configuration-keys.ts";
import { summarised } from "../guard/summarised.ts";
import {
  changedPaths,
  isConfiguration,
  readWatched,
  type WatchedFile,
  type WatchedFiles,
} from "../guard/watched-files.ts";
import type { HeldFolder } from "./held-folder.ts";
import { indexFlags } from "./index-flags.ts";

const FIX =
  "leave what git runs and hides as it is: commits, branches, stashes and user.* are free; what installs hooks or sets such keys belongs in the operator's `setup`";

/** An index of 300,000 files has about 30 MB. */
const MAX_INDEX_BYTES = 100_000_000;

/** A git directory at one moment. */
export interface GitState {
  watched: WatchedFiles;
  /** paths of the index that git shall not look at */
  hidden: string[];
  /** why flags of the index cannot be seen, if so */
  unseen?: string;
  /** what stands in the place of the directory, if something else does */
  replaced?: string;
}

export async function readGitState(tree: HeldFolder, objectFormat: string): Promise<GitState> {
  const stats = await lstat(`${tree.path}/.git`).catch(() => undefined);
  if (stats !== undefined && !stats.isDirectory()) {
    return { watched: new Map(), hidden: [], replaced: stats.isSymbolicLink() ? "a link" : "a file" };
  }
  if (stats === undefined) return { watched: new Map(), hidden: [] };
  using gitDirectory = tree.below(".git");
  const watched = await readWatched(gitDirectory.path);
  return { watched, ...(await readFlags(`${gitDirectory.path}/index`, objectFormat)) };
}

async function readFlags(file: string, objectFormat: string): Promise<Pick<GitState, "hidden" | "unseen">> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined) return { hidden: [] };
  if (!stats.isFile()) return { hidden: [], unseen: "the index is no regular file" };
  if (stats.size > MAX_INDEX_BYTES) return { hidden: [], unseen: `the index has more than ${MAX_INDEX_BYTES} bytes` };
  const { hidden, isSplit } = indexFlags(await readFile(file).catch(() => Buffer.alloc(0)), objectFormat);
  return isSplit ? { hidden, unseen: "the index is split" } : { hidden };
}

/** Files planted between the two moments, sorted by path; each one that was read is copied below `keptIn`. Removed files run nothing. */
export async function plantedIn(before: GitState, after: GitState, keptIn: string): Promise<Violation[]> {
  const found: Violation[] = [];
  const violation = (path: string, rule: string): void => void found.push({ path, rule, fix: FIX });
  if (after.replaced !== undefined) violation(".git", `git's own directory was replaced by ${after.replaced}`);
  for (const path of changedPaths(before.watched, after.watched)) {
    const file = after.watched.get(path);
    const rule = file && (await ruleBroken(path, before.watched.get(path), file));
    if (rule === undefined || file === undefined) continue;
    violation(`.git/${path}`, `${rule}; ${await kept(path, file, keptIn)}`);
  }
  for (const path of after.hidden.filter((one) => !before.hidden.includes(one))) {
    violation(path, "hidden from git by a flag of the index (assume-unchanged, skip-worktree)");
  }
  if (after.unseen !== undefined && after.unseen !== before.unseen) {
    violation(".git/index", `${after.unseen}: its flags cannot be seen`);
  }
  return summarised(found.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

const RULES: Record<string, string> = {
  attributes: "chooses programs for files",
  exclude: "hides files from git",
  grafts: "hides history from git",
  alternates: "makes git read objects from elsewhere",
  commondir: "makes git read its settings elsewhere",
  gitdir: "makes git work elsewhere",
};

/** Worktrees of its own, wherever they are, are an agent's own affair: only their settings can run something. */
async function ruleBroken(path: string, was: WatchedFile | undefined, is: WatchedFile): Promise<string | undefined> {
  if (isConfiguration(path)) {
    const keys = dangerousKeys(path, await settingsOf(was), await settingsOf(is));
    return keys.length === 0 ? undefined : `sets ${keys.join(", ")}, which makes git run programs or hide something`;
  }
  if (/(^|\/)worktrees\/[^/]+\/(commondir|gitdir)$/.test(path)) return undefined;
  if (/(^|\/)hooks\/[^/]+$/.test(path)) return "a hook that git would run";
  if (is.link === undefined && !is.opaque && saysNothingNew(was, is)) return undefined;
  return RULES[basename(path)] ?? "a link in the place of a folder of git's own";
}

/** Lines that went, comments and blank lines have no effect: `git init` writes such files. */
function saysNothingNew(was: WatchedFile | undefined, is: WatchedFile): boolean {
  const [before, after] = [was, is].map((file) => file?.content.toString("latin1").split("\n") ?? []);
  return (after ?? []).every((line) => /^\s*(#.*)?$/.test(line) || before?.includes(line));
}

/** A submodule's configuration names its working directory; that is git's own doing. */
function dangerousKeys(path: string, was: Setting[], is: Setting[]): string[] {
  const known = new Set(was.map(({ key, value }) => `${key}\n${value}`));
  const added = is.filter((setting) => !known.has(`${setting.key}\n${setting.value}`) && isDangerous(setting));
  const keys = new Set(added.map(({ key }) => key));
  if (path.includes("modules/")) keys.delete("core.worktree");
  return [...keys].sort();
}

async function kept(path: string, file: WatchedFile, keptIn: string): Promise<string> {
  if (file.opaque) return "it is too much to be copied";
  const copy = join(keptIn, file.link === undefined ? path : `${path}.link`);
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  await writeFile(copy, file.link === undefined ? file.content : `link to ${file.link}\n`, { mode: 0o600 });
  return `what was planted is in ${copy}`;
}

/** A state as JSON can hold it: a later process goes on with the attempt. */
export interface GitNotes {
  files: [string, Omit<WatchedFile, "content"> & { content: string }][];
  hidden: string[];
  unseen?: string;
}

export function asNotes({ watched, hidden, unseen }: GitState): GitNotes {
  const files = [...watched].map(([path, file]): GitNotes["files"][number] => {
    return [path, { ...file, content: file.content.toString("base64") }];
  });
  return { files, hidden, ...(unseen === undefined ? {} : { unseen }) };
}

export function fromNotes({ files, ...flags }: GitNotes): GitState {
  const watched = files.map(([path, file]): [string, WatchedFile] => {
    return [path, { ...file, content: Buffer.from(file.content, "base64") }];
  });
  return { watched: new Map(watched), ...flags };
}
