/** Copies what an attempt left to where git may read it: each file through its descriptor, no link followed, and only as it was verified. */
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, symlinkSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type HeldFolder, holding, NoFolder } from "./held-folder.ts";
import { entryFrom, entryOf, type Manifest, type ManifestEntry } from "./manifest.ts";

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);

/** Returns the first of `paths` that is not any more as `known` says: a process of the attempt escaped its end. */
export async function stageFiles(
  paths: string[],
  { root, known, stage }: { root: HeldFolder; known: Manifest; stage: string },
): Promise<string | undefined> {
  for (const path of paths) {
    const entry = known.get(path);
    mkdirSync(dirname(join(stage, path)), { recursive: true, mode: 0o700 });
    if (entry === undefined || !(await staged(path, { root, entry, target: join(stage, path) }))) return path;
  }
  return undefined;
}

async function staged(
  path: string,
  { root, entry, target }: { root: HeldFolder; entry: ManifestEntry; target: string },
): Promise<boolean> {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  try {
    const descriptor = holding(root, path.slice(0, Math.max(0, slash)), (folder) => {
      return entry.kind === "symlink"
        ? linked(`${folder.path}/${name}`, entry, target)
        : openSync(`${folder.path}/${name}`, OPEN);
    });
    if (typeof descriptor === "boolean") return descriptor;
    return await copied(descriptor, { file: join(root.path, path), entry, target });
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function linked(link: string, entry: ManifestEntry, target: string): boolean {
  if (entryOf(link)?.fingerprint !== entry.fingerprint) return false;
  symlinkSync(entry.link ?? "", target);
  return true;
}

/** Unchanged before and after: what was copied is what was verified. */
async function copied(
  descriptor: number,
  { file, entry, target }: { file: string; entry: ManifestEntry; target: string },
): Promise<boolean> {
  const isSame = (): boolean => entryFrom(fstatSync(descriptor, { bigint: true })).fingerprint === entry.fingerprint;
  try {
    if (!isSame()) return false;
    const source = process.platform === "linux" ? `/proc/self/fd/${descriptor}` : file;
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    return isSame() && lstatSync(target).size === entry.size;
  } finally {
    closeSync(descriptor);
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return error instanceof NoFolder || code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO";
}
