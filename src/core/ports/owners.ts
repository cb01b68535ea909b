/** Owners of runs: this process, and whether the one that a record names still lives. */
import type { ProcessIdentity } from "../model/process-identity.ts";

/** `unknown`: it may live on another machine, which nothing here can tell. */
export type Liveness = "alive" | "dead" | "unknown";

export interface Owners {
  /** This process as others may find it in a record; from the first call on it holds the lock that the identity names. */
  self(): ProcessIdentity;
  liveness(process: ProcessIdentity): Liveness;
  /** Removes the locks of processes that have died. */
  sweep(): void;
}
