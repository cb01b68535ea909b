/** The three states a semantic conflict is found between: the base, one side, and the combination. */
import type { Snapshot } from "./snapshot.ts";

/** The task's base, the tree of the side that uses, and what the two sides give together. */
export interface Trees {
  base: Snapshot;
  user: Snapshot;
  merged: Snapshot;
}
