/** Leftovers of a setup besides packages: where there are any, another workspace needs the whole setup, not its packages alone. */
import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { ok, type Result } from "../../core/model/result.ts";
import { PACKAGE_CACHES, type Workspace } from "../../core/ports/workspace.ts";

/** One of these things, in words, or undefined; fails when nobody can tell. The workspace's snapshot is from before the setup. */
export async function beyondPackages(workspace: Workspace): Promise<Result<string | undefined>> {
  const changes = await workspace.changes();
  if (!changes.ok) return changes;
  const [planted] = await workspace.tampering();
  if (planted !== undefined) return ok(`it leaves ${planted.path}, which git obeys`);
  const [change] = changes.value;
  if (change !== undefined) return ok(`it leaves ${change.path} in the workspace`);
  const stray = await strayIn(join(workspace.folder, "home"), "");
  return ok(stray === undefined ? undefined : `it leaves ${stray} in the home`);
}

async function strayIn(home: string, folder: string): Promise<string | undefined> {
  const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(folder, entry.name);
    if (PACKAGE_CACHES.includes(path)) continue;
    if (!entry.isDirectory() || !PACKAGE_CACHES.some((kept) => kept.startsWith(`${path}/`))) return path;
    const below = await strayIn(home, path);
    if (below !== undefined) return below;
  }
  return undefined;
}
