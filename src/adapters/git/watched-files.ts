/** The files of a git directory that make git run programs or read elsewhere: what an agent without a sandbox might plant there. */
import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** `link` and `mode` tell a file from what only looks like it. */
export interface WatchedFile {
  content: Buffer;
  mode: number;
  link?: string;
}

/** By path below the git directory. */
export type WatchedFiles = Map<string, WatchedFile>;

const FILES = ["config", "config.worktree", "info/attributes", "info/exclude", "objects/info/alternates"];
const MODULES = "modules";
const WORKTREE_FILES = ["gitdir", "commondir", "config.worktree"];

/** What is there now; `gitDirectory` is the one all worktrees share. */
export async function readWatched(gitDirectory: string): Promise<WatchedFiles> {
  const hooks = await namesIn(join(gitDirectory, "hooks"));
  const modules = await namesIn(join(gitDirectory, MODULES));
  const worktrees = await namesIn(join(gitDirectory, "worktrees"));
  const paths = [
    ...worktrees.flatMap((name) => WORKTREE_FILES.map((file) => `worktrees/${name}/${file}`)),
    ...FILES,
    ...hooks.map((name) => `hooks/${name}`),
    ...modules.map((name) => `${MODULES}/${name}/config`),
  ];
  const found: WatchedFiles = new Map();
  for (const path of paths) {
    const file = await readOne(join(gitDirectory, path));
    if (file !== undefined) found.set(path, file);
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function readOne(file: string): Promise<WatchedFile | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return undefined;
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return { content: Buffer.alloc(0), mode, link: await readlink(file) };
  return { content: stats.isFile() ? await readFile(file) : Buffer.from("(no regular file)"), mode };
}

/** Puts `path` back as it was; without `before` it goes. */
export async function restoreWatched(
  gitDirectory: string,
  path: string,
  before: WatchedFile | undefined,
): Promise<void> {
  const file = join(gitDirectory, path);
  await rm(file, { recursive: true, force: true });
  if (before === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  if (before.link !== undefined) await symlink(before.link, file);
  else await writeFile(file, before.content, { mode: before.mode });
}

/** Paths whose change is tampering; a change of the user's own that makes nothing run is none. */
export function tamperedPaths(before: WatchedFiles, after: WatchedFiles): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => differs(path, before.get(path), after.get(path))).sort();
}

function differs(path: string, was: WatchedFile | undefined, is: WatchedFile | undefined): boolean {
  if (was?.link !== is?.link) return true;
  if (path.endsWith(".sample")) return false;
  if (/(^|\/)config(\.worktree)?$/.test(path)) return powers(was) !== powers(is);
  return was?.mode !== is?.mode || !(was?.content ?? Buffer.alloc(0)).equals(is?.content ?? Buffer.alloc(0));
}

/** Sections in which a user's everyday commands write, and nothing that runs: `git switch -c`, `git push -u`, `git fetch`. */
const EVERYDAY = /^\[\s*(branch|user|pull|push|fetch|gc|maintenance|advice|color|rebase|rerere|status|log)\b/i;

/** The configuration without its everyday sections. */
function powers(file: WatchedFile | undefined): string {
  if (file === undefined) return "";
  const kept: string[] = [];
  let everyday = false;
  for (const line of file.content.toString("utf8").split("\n")) {
    if (/^\s*\[/.test(line)) everyday = EVERYDAY.test(line.trim());
    if (!everyday && line.trim() !== "") kept.push(line.trim());
  }
  return kept.join("\n");
}
