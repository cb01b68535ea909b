/** Git does not write again what the user's repository has, and what it has may be garbage: such objects are copied to where they stay. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { type OwnGitPlace, runGit } from "../git.ts";

/** Afterwards each of `blobs`, which git made at `place`, is there or in `written`. */
export async function carryObjects(place: OwnGitPlace, written: string, blobs: string[]): Promise<void> {
  const own = [join(place.gitDir, "objects"), written];
  for (const blob of new Set(blobs)) {
    if ((await Promise.all(own.map((objects) => has(objects, blob)))).includes(true)) continue;
    const { stdout } = await runGit(place, ["cat-file", "blob", blob]);
    await runGit({ ...place, objects: written }, ["hash-object", "-w", "--stdin"], { input: stdout });
  }
}

/** Forkjoin's own objects are in no packs. */
async function has(objects: string, id: string): Promise<boolean> {
  return access(join(objects, id.slice(0, 2), id.slice(2))).then(
    () => true,
    () => false,
  );
}
