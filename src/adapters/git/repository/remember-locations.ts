/** Keeps what is known about a repository while none of the files it was read from changes: one run opens its repository a dozen times. */
import { stat } from "node:fs/promises";
import { ok, type Result } from "../../../core/model/result.ts";
import { locateRepository, type RepositoryLocation } from "./repository-location.ts";

type Locate = (directory: string) => Promise<Result<RepositoryLocation>>;

/** `locateRepository` with a memory; failures are not remembered. */
export function rememberLocations(locate: Locate = locateRepository): Locate {
  const known = new Map<string, { location: RepositoryLocation; seen: string }>();
  return async (directory) => {
    const before = known.get(directory);
    if (before !== undefined && (await fingerprintOf(before.location.sources)) === before.seen)
      return ok(before.location);
    const located = await locate(directory);
    if (located.ok) known.set(directory, { location: located.value, seen: await fingerprintOf(located.value.sources) });
    return located;
  };
}

async function fingerprintOf(files: string[]): Promise<string> {
  const states = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    return found === undefined ? "" : `${found.ino} ${found.isDirectory() ? "" : `${found.size} ${found.mtimeNs}`}`;
  });
  return (await Promise.all(states)).join("\n");
}
