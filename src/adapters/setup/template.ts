/** Installed packages kept for the workspaces to come: a folder that is whole or not there, whose files are given out by clone or hard link. */
import { randomUUID } from "node:crypto";
import { type BigIntStats, lstatSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

/** `clone`: copied on write, so that every workspace's files are its own. `link`: one file under many names. */
export type Way = "clone" | "link";

export type Entry =
  | { kind: "folder"; path: string; mode: number }
  /** `inside`: the target begins with the workspace's own folder, which is left out */
  | { kind: "symlink"; path: string; target: string; inside: boolean }
  | ({ kind: "file"; path: string } & FileFacts);

/** Facts that differ when a file was written into. The time of a change of its names is not among them: every workspace makes one. */
export interface FileFacts {
  mode: number;
  /** bytes */
  size: string;
  /** nanoseconds since 1970 */
  modified: string;
  inode: string;
}

export interface Template {
  /** tells it from one that is made later by the same recipe */
  id: string;
  /** where it lies, below Forkjoin's folder */
  place: string;
  way: Way;
  /** the sandbox keeps those who get its files from writing into them */
  held: boolean;
  /** folders named node_modules, relative to a workspace */
  folders: string[];
  /** a folder stands before what is in it */
  entries: Entry[];
}

export const FILES = "files";
export const NOTES = "template.json";

/** Undefined when there is none in `folder`; one whose notes cannot be read goes. */
export async function readTemplate(folder: string): Promise<Template | undefined> {
  const text = await readFile(join(folder, NOTES), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    await setAside(folder);
    return undefined;
  }
}

/** Takes the template away from the workspaces to come, in one step; those that have its files keep them. */
export async function discard(home: string, template: Template): Promise<void> {
  const folder = join(home, template.place);
  if ((await readTemplate(folder))?.id === template.id) await setAside(folder);
}

async function setAside(folder: string): Promise<void> {
  const away = draftOf(folder);
  await rename(folder, away).catch(() => undefined);
  await rm(away, { recursive: true, force: true });
}

/** A name beside `folder` for what is not whole yet, or not any more. */
export function draftOf(folder: string): string {
  return `${folder}.${randomUUID()}.draft`;
}

/** Files of the template that are still `directory`'s, too, and were written into; sorted. */
export async function writtenInto(template: Template, directory: string): Promise<string[]> {
  const turns = new Turns();
  const found: string[] = [];
  for (const entry of template.entries) {
    await turns.next();
    if (entry.kind !== "file") continue;
    const stats = lstatSync(join(directory, entry.path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || String(stats.ino) !== entry.inode) continue;
    if (!isUnchanged(entry, stats)) found.push(entry.path);
  }
  return found.sort();
}

export function factsOf(stats: BigIntStats): FileFacts {
  const mode = Number(stats.mode & 0o7777n);
  return { mode, size: String(stats.size), modified: String(stats.mtimeNs), inode: String(stats.ino) };
}

export function isUnchanged(entry: FileFacts, stats: BigIntStats): boolean {
  const { mode, size, modified, inode } = factsOf(stats);
  return mode === entry.mode && size === entry.size && modified === entry.modified && inode === entry.inode;
}

const ENTRIES_PER_TURN = 250;

/** Other work gets its turn after so many entries. */
export class Turns {
  #left = ENTRIES_PER_TURN;

  async next(): Promise<void> {
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#left = ENTRIES_PER_TURN;
    await turn();
  }
}
