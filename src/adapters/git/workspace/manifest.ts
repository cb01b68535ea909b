/** Manifest of the files on disk, from `lstat` alone: git's own status can be deceived by what an agent plants, this cannot. */
import { isUtf8 } from "node:buffer";
import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type Failure, failure } from "../../../core/model/failure.ts";
import type { HeldFolder } from "./held-folder.ts";

export interface ManifestEntry {
  kind: "file" | "symlink" | "special" | "directory" | "unnameable";
  mode: number;
  /** bytes */
  size: number;
  hardLinks: number;
  link?: string;
  /** everything that changes when content or mode changes; ctime cannot be set back by a process */
  fingerprint: string;
}

export type Manifest = Map<string, ManifestEntry>;

/** Other work gets its turn after so many entries: one call of `lstat` at a time is faster than many at once. */
const ENTRIES_PER_TURN = 500;
/** Each folder on the way is held: more would be more than a process may hold. */
const MAX_DEPTH = 200;

/**
 * Entries below `root` by POSIX path; the root's own `.git` and every `node_modules` for which `prune` says so are left out. Every folder is
 * held while it is read: what takes its name meanwhile is not followed.
 */
export async function readManifest(root: HeldFolder, how: Reading): Promise<Manifest> {
  const manifest: Manifest = new Map();
  await readInto(manifest, { folder: root, prefix: "", depth: 1 }, how);
  return manifest;
}

export interface Reading {
  prune(path: string): boolean;
  /** folders in folders */
  depth?: number | undefined;
  /** milliseconds since 1970 */
  until?: number | undefined;
}

/** There is more than anyone looks at. */
export class TooMuch extends Error {
  readonly failure: Failure;
  constructor(key: "depth" | "verification", what: string) {
    super(what);
    const hint = `leave less behind, or raise limits.${key} in the configuration`;
    this.failure = failure("limit_exceeded", `limits.${key}: ${what}`, hint);
  }
}

async function readInto(
  manifest: Manifest,
  { folder, prefix, depth }: { folder: HeldFolder; prefix: string; depth: number },
  how: Reading,
): Promise<void> {
  if (depth > (how.depth ?? MAX_DEPTH))
    throw new TooMuch("depth", `more than ${how.depth ?? MAX_DEPTH} folders in folders`);
  for (const bytes of readdirSync(folder.path, { encoding: "buffer" }).sort(Buffer.compare)) {
    const name = bytes.toString("utf8");
    const path = prefix + name;
    if (!isUtf8(bytes)) {
      manifest.set(path, unreadable(bytes));
      continue;
    }
    if (path === ".git" || (name === "node_modules" && how.prune(path))) continue;
    const entry = entryOf(`${folder.path}/${name}`);
    if (entry === undefined) continue;
    manifest.set(path, entry);
    if (manifest.size % ENTRIES_PER_TURN === 0) {
      await turn();
      if (how.until !== undefined && Date.now() > how.until)
        throw new TooMuch("verification", "the look at the workspace took longer");
    }
    if (entry.kind !== "directory") continue;
    using inner = folder.below(name);
    await readInto(manifest, { folder: inner, prefix: `${path}/`, depth: depth + 1 }, how);
  }
}

/** A name that cannot be written as text cannot be declared, committed or shown: its bytes are all that is known. */
function unreadable(name: Buffer): ManifestEntry {
  return { kind: "unnameable", mode: 0, size: 0, hardLinks: 1, fingerprint: name.toString("hex") };
}

/** Undefined when there is nothing. */
export function entryOf(file: string): ManifestEntry | undefined {
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const entry = entryFrom(stats);
  if (entry.kind !== "symlink") return entry;
  const link = readlinkSync(file);
  return { ...entry, link, fingerprint: `${entry.fingerprint} ${link}` };
}

export function entryFrom(stats: BigIntStats): ManifestEntry {
  const kind = kindOf(stats);
  const mode = Number(stats.mode & 0o7777n);
  const fingerprint = `${kind} ${mode} ${stats.size} ${stats.ctimeNs} ${stats.ino}`;
  return { kind, mode, size: Number(stats.size), hardLinks: Number(stats.nlink), fingerprint };
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
  const compare = (path: string): void => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was?.kind === "directory" && is?.kind === "directory") return;
    if (was?.fingerprint !== is?.fingerprint) differences.push({ path, before: was, after: is });
  };
  for (const path of before.keys()) compare(path);
  for (const path of after.keys()) if (!before.has(path)) compare(path);
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}
