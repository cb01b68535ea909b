/** Phase 5.1 — what the merge sequence is given: one accepted change, and the state it was made on. */
import type { Task } from "../../model/task.ts";

export interface AcceptedTask {
  task: Task;
  base: string;
  source: string;
  /** when the attempt ended: the commit's date, so that merging again gives the same commit */
  at: number;
  /** paths it changed */
  files: string[];
  /** scope entries that were granted to it beyond those it declares */
  granted?: string[];
  /** how many lines it added and removed */
  lines: number;
}
