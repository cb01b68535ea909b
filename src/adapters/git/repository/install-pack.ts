/** A pack put into the user's repository as `git fetch` does it: no garbage collection takes it before what needs it is there. */
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryLocation } from "./repository-location.ts";

/** What a `.keep` file of ours says. */
export const KEPT = "forkjoin\n";
/** How the name of a file begins that is still being copied: one that `git prune` does not take for a temporary file of git's own. */
export const DRAFT = "forkjoin-";
/** The index last: with it git knows the pack. */
export const PACK_PARTS = [".pack", ".rev", ".idx"];

/** Puts the pack that was made in `folder` among the user's, where `git repack` keeps it until `use` is done with it. */
export async function installPack(
  location: RepositoryLocation,
  { folder, pack }: { folder: string; pack: string },
  use: () => Promise<void>,
): Promise<void> {
  const packs = join(location.objects, "pack");
  await mkdir(packs, { recursive: true });
  const keep = join(packs, `${pack}.keep`);
  const isOurs = await kept(keep);
  try {
    for (const part of PACK_PARTS) {
      const draft = join(packs, `${DRAFT}${randomUUID()}`);
      if (await copied(join(folder, `${pack}${part}`), draft)) await rename(draft, join(packs, `${pack}${part}`));
    }
    await use();
  } finally {
    // One that stays is swept another day.
    if (isOurs) await rm(keep, { force: true }).catch(() => undefined);
  }
}

/** False when the user keeps the pack. */
async function kept(keep: string): Promise<boolean> {
  try {
    await writeFile(keep, KEPT, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    return (await readFile(keep, "utf8").catch(() => KEPT)) === KEPT;
  }
}

/** On the disk when it returns; false for a part that this version of git does not write. */
async function copied(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if (isErrno(error, "ENOENT") && from.endsWith(".rev")) return false;
    await rm(to, { force: true });
    throw error;
  }
  const file = await open(to, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
