/** What lies on disk, from `lstat` alone: git's own status can be deceived by what an agent plants, this cannot. */
import { isUtf8 } from "node:buffer";
import type { BigIntStats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

export interface ManifestEntry {
  kind: "file" | "symlink" | "special" | "directory" | "unnameable";
  mode: number;
  hardLinks: number;
  link: string | undefined;
  /** everything that changes when content or mode changes; ctime cannot be set back by a process */
  fingerprint: string;
}

export type Manifest = Map<string, ManifestEntry>;

/** Entries below `root` by POSIX path; the root's own `.git` and every `node_modules` for which `prune` says so are left out. */
export async function readManifest(root: string, prune: (path: string) => boolean): Promise<Manifest> {
  const manifest: Manifest = new Map();
  const pending = [""];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const names = await readdir(join(root, folder), { encoding: "buffer" });
    for (const bytes of names.sort(Buffer.compare)) {
      const name = bytes.toString("utf8");
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!isUtf8(bytes)) {
        manifest.set(path, unreadable(bytes));
        continue;
      }
      if (path === ".git" || (name === "node_modules" && prune(path))) continue;
      const entry = await entryOf(join(root, path));
      if (entry === undefined) continue;
      manifest.set(path, entry);
      if (entry.kind === "directory") pending.push(path);
    }
  }
  return manifest;
}

/** A name that cannot be written as text cannot be declared, committed or shown: its bytes are all that is known. */
function unreadable(name: Buffer): ManifestEntry {
  return { kind: "unnameable", mode: 0, hardLinks: 1, link: undefined, fingerprint: name.toString("hex") };
}

async function entryOf(file: string): Promise<ManifestEntry | undefined> {
  try {
    const stats = await lstat(file, { bigint: true });
    const kind = kindOf(stats);
    const link = kind === "symlink" ? await readlink(file) : undefined;
    const mode = Number(stats.mode & 0o7777n);
    const fingerprint = [kind, mode, stats.size, stats.ctimeNs, stats.ino, link ?? ""].join(" ");
    return { kind, mode, hardLinks: Number(stats.nlink), link, fingerprint };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function kindOf(stats: BigIntStats): ManifestEntry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "special";
}

export interface ManifestDifference {
  path: string;
  before: ManifestEntry | undefined;
  after: ManifestEntry | undefined;
}

/** Paths that differ, sorted; folders count only when they appear, go, or stand where something else stood. */
export function compareManifests(before: Manifest, after: Manifest): ManifestDifference[] {
  const differences: ManifestDifference[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(path), after.get(path)];
    if (was?.kind === "directory" && is?.kind === "directory") continue;
    if (was?.fingerprint !== is?.fingerprint) differences.push({ path, before: was, after: is });
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}
