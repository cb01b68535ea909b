/** A pack put into the user's repository as `git fetch` does it: no garbage collection takes it before what needs it is there. */
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gitText, type OwnGitPlace } from "../git.ts";
import type { RepositoryLocation } from "./repository-location.ts";

/** Content of Forkjoin's own `.keep` files. */
export const KEPT = "forkjoin\n";
/** How the name of a file begins that is still being copied: one that `git prune` does not take for a temporary file of git's own. */
export const DRAFT = "forkjoin-";
/** The index last: with it git knows the pack. */
export const PACK_PARTS = [".pack", ".idx"];

/**
 * Packs what `source` sees and `what` (arguments and input of `git pack-objects`) names, puts the pack among the user's, where `git repack`
 * keeps it until `use` is done with it, and returns its name.
 */
export async function installPack(
  location: RepositoryLocation,
  source: OwnGitPlace,
  what: { args: string[]; input: string },
  use: (pack: string) => Promise<void>,
): Promise<string> {
  // A pack in the source's own database is nothing but objects there, should this process be killed.
  const made = join(source.gitDir, "objects", "pack", randomUUID());
  await mkdir(dirname(made), { recursive: true });
  try {
    const args = ["pack-objects", "-q", ...what.args, "--window=0", made];
    const hash = await gitText(source, args, { input: what.input });
    const target = join(location.objects, "pack", `pack-${hash}`);
    await mkdir(dirname(target), { recursive: true });
    await whileKept(`${target}.keep`, async () => {
      for (const part of PACK_PARTS) await copyInto(`${made}-${hash}${part}`, `${target}${part}`);
      await use(`pack-${hash}`);
    });
    return `pack-${hash}`;
  } finally {
    await removeAll(made);
  }
}

/** The `.keep` file stays where it is the user's own; one of ours that cannot be removed is swept another day. */
async function whileKept(keep: string, use: () => Promise<void>): Promise<void> {
  const isOurs = await kept(keep);
  try {
    await use();
  } finally {
    if (isOurs) await rm(keep, { force: true }).catch(() => undefined);
  }
}

/** False when the user keeps the pack. */
async function kept(keep: string): Promise<boolean> {
  try {
    await writeFile(keep, KEPT, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return (await readFile(keep, "utf8").catch(() => KEPT)) === KEPT;
  }
}

/** Files whose path begins with `start`; one that cannot be removed is swept another day. */
async function removeAll(start: string): Promise<void> {
  const names = await readdir(dirname(start)).catch(() => []);
  const files = names.map((name) => join(dirname(start), name)).filter((file) => file.startsWith(start));
  for (const file of files) await rm(file, { force: true }).catch(() => undefined);
}

/** On the disk, and whole, before it has its name. */
async function copyInto(from: string, to: string): Promise<void> {
  const draft = join(dirname(to), `${DRAFT}${randomUUID()}`);
  try {
    await copyFile(from, draft);
    const file = await open(draft, "r");
    await file.sync().finally(() => file.close());
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
