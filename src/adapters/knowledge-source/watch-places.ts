/** Phase 0: tells when knowledge changes on disk, also when an editor replaces the file instead of writing into it. */
import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";

/**
 * Calls `changed` after one of `places` (absolute paths, there or not) was written, replaced, made or removed; until the returned
 * function is called. A folder that cannot be watched is not watched.
 */
export function watchPlaces(places: string[], changed: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const place of places) names.set(dirname(place), (names.get(dirname(place)) ?? new Set()).add(basename(place)));
  let last: Promise<string> = signature(places);
  const look = (): void => {
    const before = last;
    last = before.then(async (known) => {
      const now = await signature(places);
      if (now !== known) changed();
      return now;
    });
  };
  const watchers = [...names].flatMap(([folder, wanted]) => watchFolder(folder, wanted, look));
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function watchFolder(folder: string, wanted: Set<string>, look: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || wanted.has(name)) look();
    });
    watcher.on("error", () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** One write makes several events: what counts is whether something is different now. */
async function signature(places: string[]): Promise<string> {
  const found = await Promise.all(
    places.map((place) =>
      stat(place).then(
        ({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`,
        () => "-",
      ),
    ),
  );
  return found.join("\n");
}
