/** Makes a template of what a setup has installed: drawn up beside its place and put there in one step, so that a kill leaves nothing half. */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { draftOf, type Entry, FILES, factsOf, NOTES, type Template, Turns, type Way } from "./template.ts";

/** Tools write into these while they work; every workspace has its own. */
export const CACHES = [".cache", ".tmp", ".vite", ".vite-temp", ".vitest"];

const WRITE_BITS = 0o222;
/** Enough for a file system that keeps small files elsewhere. */
const PROBE_BYTES = 16_384;

export interface Publication extends Pick<Template, "place" | "held" | "folders"> {
  /** Forkjoin's folder */
  home: string;
  /** the workspace's tree; where its files cannot be cloned they become the template's, too */
  directory: string;
}

/** A link among the packages that leads out of the workspace's tree, relative: what it leads to is this workspace's alone. */
export function linkOut(directory: string, folders: readonly string[]): string | undefined {
  const pending = [...folders];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of readdirSync(join(directory, path), { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) pending.push(inner);
      if (entry.isSymbolicLink() && leadsOut(directory, inner)) return inner;
    }
  }
  return undefined;
}

function leadsOut(directory: string, link: string): boolean {
  const target = resolve(dirname(join(directory, link)), readlinkSync(join(directory, link)));
  const isInside = (place: string): boolean => place === directory || place.startsWith(`${directory}/`);
  if (!isInside(target)) return true;
  return existsSync(target) && !isInside(realpathSync(target));
}

/** Undefined, and nothing is left, when another process was faster or the machine refuses. */
export async function publish({ home, directory, ...what }: Publication): Promise<Template | undefined> {
  const folder = join(home, what.place);
  const draft = draftOf(folder);
  try {
    mkdirSync(join(draft, FILES), { recursive: true, mode: 0o700 });
    const way = wayOf(draft);
    const entries = await drawUp({ directory, draft, way }, what);
    const template: Template = { id: randomUUID(), ...what, way, entries };
    await writeWhole(join(draft, NOTES), JSON.stringify(template));
    await rename(draft, folder);
    return template;
  } catch {
    await rm(draft, { recursive: true, force: true });
    return undefined;
  }
}

/** On the disk before its folder gets its name: a power cut leaves no notes that are cut off. */
async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether this file system copies on write. */
function wayOf(draft: string): Way {
  const [probe, copy] = [join(draft, "probe"), join(draft, "copy")];
  writeFileSync(probe, Buffer.alloc(PROBE_BYTES, "x"));
  try {
    copyFileSync(probe, copy, constants.COPYFILE_FICLONE_FORCE);
    return "clone";
  } catch {
    return "link";
  } finally {
    for (const file of [probe, copy]) rmSync(file, { force: true });
  }
}

interface Copying {
  directory: string;
  draft: string;
  way: Way;
}

async function drawUp(copying: Copying, { folders, held }: Pick<Template, "folders" | "held">): Promise<Entry[]> {
  const turns = new Turns();
  const entries: Entry[] = [];
  const pending = [...folders].reverse();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    await turns.next();
    const entry = take(path, copying, held);
    if (entry === undefined) continue;
    entries.push(entry);
    if (entry.kind !== "folder") continue;
    const isCache = (name: string): boolean => folders.includes(entry.path) && CACHES.includes(name);
    const names = readdirSync(join(copying.directory, path)).filter((name) => !isCache(name));
    pending.push(
      ...names
        .sort()
        .reverse()
        .map((name) => `${entry.path}/${name}`),
    );
  }
  return entries;
}

/** Undefined for what is no file, folder or link. Without a sandbox files lose their write permission: a slip then fails where it happens. */
function take(path: string, { directory, draft, way }: Copying, held: boolean): Entry | undefined {
  const [from, to] = [join(directory, path), join(draft, FILES, path)];
  const stats = lstatSync(from, { bigint: true });
  const mode = Number(stats.mode & 0o7777n);
  if (stats.isDirectory()) {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    return { kind: "folder", path, mode };
  }
  if (stats.isSymbolicLink()) return { kind: "symlink", path, ...targetOf(readlinkSync(from), directory) };
  if (!stats.isFile()) return undefined;
  if (way === "clone") {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  } else {
    if (stats.nlink > 1n) replaceByCopy(from);
    if (!held) chmodSync(from, mode & ~WRITE_BITS);
    linkSync(from, to);
  }
  return { kind: "file", path, ...factsOf(lstatSync(to, { bigint: true })) };
}

/** A file with another name, in a package manager's store say, could be written into by that name. */
function replaceByCopy(file: string): void {
  const copy = `${file}.${randomUUID()}`;
  copyFileSync(file, copy, constants.COPYFILE_EXCL);
  renameSync(copy, file);
}

function targetOf(target: string, directory: string): { target: string; inside: boolean } {
  const inside = target === directory || target.startsWith(`${directory}/`);
  return { target: inside ? target.slice(directory.length) : target, inside };
}
