/** Phase 0, actions 3 and 4: the files behind one path of the graph, from the first root that has any. */
import { stat } from "node:fs/promises";
import type { KnowledgeEntry } from "../../core/ports/knowledge-source.ts";
import { confinedPath } from "./confined-path.ts";
import { listFolder } from "./list-folder.ts";
import { readLimited } from "./read-limited.ts";

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * A file gives one entry; a folder (with or without a final `/`) its files at every depth, sorted by path. Binary files (with a
 * NUL byte) and files over 1 MB are left out, as is whatever cannot be read. Text is decoded as UTF-8.
 */
export async function readFiles(roots: string[], path: string): Promise<KnowledgeEntry[]> {
  for (const root of roots) {
    const entries = await filesInRoot(root, path, roots);
    if (entries.length > 0) return entries;
  }
  return [];
}

async function filesInRoot(root: string, path: string, roots: string[]): Promise<KnowledgeEntry[]> {
  const name = path.replace(/\/$/, "");
  const target = await confinedPath(root, name, roots);
  if (target === undefined) return [];
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder && path.endsWith("/")) return [];
  const names = isFolder ? (await listFolder(target)).map((inner) => `${name}/${inner}`) : [name];
  const entries: KnowledgeEntry[] = [];
  for (const each of names) {
    const entry = await readEntry(root, each, roots);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

async function readEntry(root: string, path: string, roots: string[]): Promise<KnowledgeEntry | undefined> {
  const target = await confinedPath(root, path, roots);
  const result = target === undefined ? undefined : await readLimited(target, MAX_FILE_BYTES);
  if (result?.kind !== "read" || result.bytes.includes(0)) return undefined;
  return { path, size_bytes: result.bytes.length, text: result.bytes.toString("utf8") };
}
