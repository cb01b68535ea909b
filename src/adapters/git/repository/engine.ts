/** Forkjoin's own git directory for one repository: what is made there no garbage collection of the user's can reach. */
import { createHash } from "node:crypto";
import { join } from "node:path";

export interface Engine {
  directory: string;
  /** what git made with the user's objects at hand: it leaves out what they have already, garbage or not */
  objects: string;
  /** what was made without a look at any other objects, and is whole */
  written: string;
  /** names of our packs in the user's repository */
  packs: string;
}

export function engineAt(directory: string): Engine {
  const place = (name: string): string => join(directory, name);
  return { directory, objects: place("objects"), written: place("written"), packs: place("packs") };
}

/** The one of the repository at `root` in Forkjoin's folder. */
export function engineIn(home: string, root: string): Engine {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return engineAt(join(home, "repositories", name, "engine.git"));
}
