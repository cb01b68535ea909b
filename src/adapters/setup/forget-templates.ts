/** Templates take room on the disk: what nobody asked for lately goes, and what a process left half made when it died. */
import { lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGES } from "./setup-once.ts";
import { draftOf, NOTES } from "./template.ts";

const HOUR_MS = 3_600_000;
const UNUSED_MS = 7 * 24 * HOUR_MS;

/** Removes what lies unused below `home` since `now`; returns the folders of templates that went, sorted. */
export async function forgetTemplates(home: string, now: number): Promise<string[]> {
  const gone: string[] = [];
  for (const repository of await namesIn(join(home, PACKAGES))) {
    for (const name of await namesIn(join(home, PACKAGES, repository))) {
      const place = join(home, PACKAGES, repository, name);
      const stats = await lstat(place).catch(() => undefined);
      if (stats === undefined) continue;
      if (now - stats.mtimeMs < (name.endsWith(".draft") ? HOUR_MS : UNUSED_MS)) continue;
      if ((await namesIn(place)).includes(NOTES)) gone.push(place);
      const away = draftOf(place);
      await rename(place, away).catch(() => undefined);
      await rm(away, { recursive: true, force: true });
    }
  }
  return gone;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
