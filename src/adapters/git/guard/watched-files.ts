/** The files of a git directory that make git run programs, read elsewhere or hide something: what an agent might plant there. */
import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** `link` and `mode` tell a file from what only looks like it. */
export interface WatchedFile {
  content: Buffer;
  mode: number;
  link?: string;
  /** true when `content` is not what is in it: too much of it, unreadable, or no regular file */
  opaque?: true;
}

/** By path below the git directory. */
export type WatchedFiles = Map<string, WatchedFile>;

/** Git's own folders: as links they lead git elsewhere, where nobody follows it. */
const FOLDERS = ["hooks", "info", "modules", "objects", "objects/info", "refs", "worktrees"];
const FILES = [
  ...["commondir", "config", "config.worktree", "info/attributes", "info/exclude", "info/grafts"],
  "objects/info/alternates",
];
const WORKTREE_FILES = ["commondir", "config.worktree", "gitdir"];
/** Configuration, attributes and hooks are small; whatever is larger is something else. */
const MAX_BYTES = 1_000_000;
/** Most files and bytes that one look reads; files beyond are opaque, so that no number of files exhausts the memory. */
const MAX_FILES = 2_000;
const MAX_TOTAL_BYTES = 16_000_000;
/** Git directories of submodules lie in those of their parents. */
const MAX_DEPTH = 8;

/** Watched files as they are now; `gitDirectory` is the one all worktrees share. */
export async function readWatched(gitDirectory: string): Promise<WatchedFiles> {
  const found: WatchedFiles = new Map();
  const budget: Budget = { files: MAX_FILES, bytes: MAX_TOTAL_BYTES };
  const paths = await pathsOf(gitDirectory, "", MAX_DEPTH);
  for (const path of paths.sort((a, b) => rank(a) - rank(b))) {
    const file = await readOne(join(gitDirectory, path), budget);
    if (file !== undefined && (file.link !== undefined || !isFolder(path))) found.set(path, file);
  }
  return found;
}

/** Files and bytes that may still be read. */
interface Budget {
  files: number;
  bytes: number;
}

/** Settings are read before the hooks, of which anyone may have many, and samples last: no hook takes the place of a configuration. */
function rank(path: string): number {
  if (path.endsWith(".sample")) return 2;
  return /(^|\/)(hooks|worktrees)\//.test(path) ? 1 : 0;
}

function isFolder(path: string): boolean {
  return FOLDERS.some((folder) => path === folder || path.endsWith(`/${folder}`));
}

/** Watched paths of the git directory at `prefix`, those of its submodules with them. */
async function pathsOf(gitDirectory: string, prefix: string, depth: number): Promise<string[]> {
  const own = join(gitDirectory, prefix);
  const hooks = await namesIn(join(own, "hooks"));
  const worktrees = await namesIn(join(own, "worktrees"));
  const links = await linksAmong(own, FOLDERS);
  const names = [
    ...FOLDERS,
    ...worktrees.flatMap((name) => WORKTREE_FILES.map((file) => `worktrees/${name}/${file}`)),
    ...FILES,
    ...hooks.map((name) => `hooks/${name}`),
  ];
  const inside = links.includes("modules") ? [] : await submodulesIn(join(own, "modules"), "", depth);
  const modules = await Promise.all(
    inside.map((name) => pathsOf(gitDirectory, `${prefix}modules/${name}/`, depth - 1)),
  );
  const isReached = (name: string): boolean => !links.some((link) => name.startsWith(`${link}/`));
  return [...names.filter(isReached).map((name) => `${prefix}${name}`), ...modules.flat()];
}

async function linksAmong(gitDirectory: string, names: string[]): Promise<string[]> {
  const stats = await Promise.all(names.map((name) => lstat(join(gitDirectory, name)).catch(() => undefined)));
  return names.filter((_, index) => stats[index]?.isSymbolicLink());
}

/** Names of submodules may have slashes in them: what has a configuration or a HEAD is a git directory, what has not a folder of some. */
async function submodulesIn(modules: string, below: string, depth: number): Promise<string[]> {
  if (depth === 0) return [];
  const found: string[] = [];
  for (const name of await foldersIn(join(modules, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const inside = await namesIn(join(modules, path));
    if (inside.includes("HEAD") || inside.includes("config")) found.push(path);
    else found.push(...(await submodulesIn(modules, path, depth - 1)));
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

async function readOne(file: string, budget: Budget): Promise<WatchedFile | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return undefined;
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return { content: Buffer.alloc(0), mode, link: await readlink(file) };
  const opaque = (why: string): WatchedFile => ({ content: Buffer.from(`(${why})`), mode, opaque: true });
  if (!stats.isFile()) return opaque("no regular file");
  if (stats.size > Math.min(MAX_BYTES, budget.bytes) || budget.files === 0) {
    // Unlike the time of the content, this one is nobody's to choose.
    return opaque(`${stats.size} bytes, changed at ${stats.ctimeMs}`);
  }
  budget.files -= 1;
  budget.bytes -= stats.size;
  const content = await readFile(file).catch(() => undefined);
  return content === undefined ? opaque("cannot be read") : { content, mode };
}

/** Puts `path` back as it was; without `before` it goes. What could not be read cannot be put back, and is left. */
export async function restoreWatched(
  gitDirectory: string,
  path: string,
  before: WatchedFile | undefined,
): Promise<void> {
  if (before?.opaque) return;
  const file = join(gitDirectory, path);
  await rm(file, { recursive: true, force: true });
  if (before === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  if (before.link !== undefined) await symlink(before.link, file);
  else await writeFile(file, before.content, { mode: before.mode });
}

/** Paths of which anything is another, sorted: a folder stands before what is in it. */
export function changedPaths(before: WatchedFiles, after: WatchedFiles): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => differs(path, before.get(path), after.get(path))).sort();
}

function differs(path: string, was: WatchedFile | undefined, is: WatchedFile | undefined): boolean {
  if (was?.link !== is?.link) return true;
  if (path.endsWith(".sample")) return false;
  return was?.mode !== is?.mode || !(was?.content ?? Buffer.alloc(0)).equals(is?.content ?? Buffer.alloc(0));
}

/** Whether it is a configuration, of which only some keys matter. */
export function isConfiguration(path: string): boolean {
  return /(^|\/)config(\.worktree)?$/.test(path);
}
