/** Phase 0: tells when knowledge changes on disk, also when an editor replaces the file instead of writing into it. */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Calls `changed` after one of `places` (absolute paths, there or not) was written, replaced, made or removed; until the returned
 * function is called. A folder that cannot be watched is not watched.
 */
export function watchPlaces(places: string[], changed: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const place of places) names.set(dirname(place), (names.get(dirname(place)) ?? new Set()).add(basename(place)));
  let last = signature(places);
  const look = (): void => {
    const now = signature(places);
    if (now !== last) changed();
    last = now;
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

/** One write makes several events: what counts is whether something is different now, from the very moment of the call. */
function signature(places: string[]): string {
  return places.map(fingerprintOf).join("\n");
}

function fingerprintOf(place: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(place);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return "not readable";
  }
}
