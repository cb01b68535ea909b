/** The piece of work that has a run's turn in this process. */
import type { WorkKind } from "../model/work-kind.ts";

/** `cancelled`: for good. `interrupted`: the process ends, a later one goes on. */
export type StopReason = "cancelled" | "interrupted";

export class Holder {
  readonly kind: WorkKind;
  /** Resolves when the turn is over. */
  readonly done: Promise<void>;
  /** the work is over, and what it leaves behind is being put in order */
  isLeaving = false;
  readonly #controller = new AbortController();
  #end: () => void = () => undefined;

  constructor(kind: WorkKind) {
    this.kind = kind;
    this.done = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(reason: StopReason): void {
    this.#controller.abort(reason);
  }

  leave(): void {
    this.#end();
  }
}
