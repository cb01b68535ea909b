/** Phase 1.2 — the fewest scope entries for a set of files: a folder where all of it belongs to the set, exact paths elsewhere. */
import { ancestorsOf } from "../../boundary/scope.ts";

/** `isTracked` counts the base commit's files below each folder; sorted entries. */
export function coverScopes(files: string[], trackedBelow: Map<string, number>): string[] {
  const own = countBelow(files);
  const whole = (folder: string): boolean => folder !== "" && own.get(folder) === trackedBelow.get(folder);
  const entries = files.map((path) => {
    const folder = ancestorsOf(path).find(whole);
    return folder === undefined ? path : `${folder}/**`;
  });
  return [...new Set(entries)].sort();
}

/** folder → how many of `paths` lie below it, at any depth. */
export function countBelow(paths: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) for (const folder of ancestorsOf(path)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return counts;
}
