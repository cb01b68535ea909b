/** Removes what an agent left, however deep, closed or full of links: no link is followed, nothing is thrown, what stays is told. */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { HeldFolder } from "./held-folder.ts";
import { mountsBelow } from "./mounts-below.ts";

/** Other work gets its turn after so many entries. */
const ENTRIES_PER_TURN = 500;
/** Something may still be writing. */
const ROUNDS = 3;
/** Linux: a descriptor that says which entry is meant, and needs no permission to read it. */
const O_PATH = 0o10_000_000;

/** Why something of it is still there, or undefined. */
export async function removeFolder(folder: string): Promise<string | undefined> {
  for (let round = 1; ; round++) {
    try {
      await (process.platform === "linux" ? removed(folder) : removedByName(folder));
      return undefined;
    } catch (error) {
      if (round < ROUNDS) continue;
      return `${folder} could not be removed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

async function removed(folder: string): Promise<void> {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) return unlinkSync(folder);
  const [mount] = mountsBelow(folder);
  if (mount !== undefined) throw new Error(`${mount} is a mount point, unmount it`);
  unlock(Buffer.from(folder));
  using root = HeldFolder.at(folder);
  const moving = { root, prefix: randomUUID(), count: 0, seen: 0 };
  await empty(root, moving);
  for (let done = 0; done < moving.count; done++) {
    const name = `${moving.prefix}-${done}`;
    using inner = root.below(name);
    await empty(inner, moving);
    rmdirSync(`${root.path}/${name}`);
  }
  rmdirSync(folder);
}

interface Moving {
  root: HeldFolder;
  prefix: string;
  /** folders that were moved up so far */
  count: number;
  /** entries so far */
  seen: number;
}

/** Folders are moved up to the root before they are emptied: no path ever grows, and no more than two folders are held. */
async function empty(folder: HeldFolder, moving: Moving): Promise<void> {
  for (const entry of readdirSync(folder.path, { withFileTypes: true, encoding: "latin1" })) {
    moving.seen += 1;
    if (moving.seen % ENTRIES_PER_TURN === 0) await turn();
    // Names are bytes, not all of them text.
    const place = Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from(entry.name, "latin1")]);
    if (entry.isDirectory()) {
      unlock(place);
      renameSync(place, `${moving.root.path}/${moving.prefix}-${moving.count}`);
      moving.count += 1;
    } else unlinkSync(place);
  }
}

/** Gives its owner the right to empty a folder; nothing where a link stands. */
function unlock(place: Buffer): void {
  const descriptor = openSync(place, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    chmodSync(`/proc/self/fd/${descriptor}`, 0o700);
  } finally {
    closeSync(descriptor);
  }
}

async function removedByName(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) await makeWritable(path);
  }
}
