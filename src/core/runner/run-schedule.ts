/** A policy of the scheduler loop that keeps the run as its decisions have made it: in batches, or as a stream. */
import type { Schedule } from "../4-execute/run-pool.ts";
import type { OwnedRun } from "../run/planned-run.ts";

export interface RunSchedule extends Schedule {
  readonly context: OwnedRun;
}
