/** The one exception of the core: a run whose record cannot be kept stops at once, because nothing may happen that is not on record. */
import type { Failure } from "./failure.ts";

/** Another process took the run over, or its store cannot be written. */
export class RunStopped extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "RunStopped";
    this.failure = failure;
  }
}
