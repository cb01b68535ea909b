/** The runs this process is working on right now: started in the background, waited for, cancelled. */
import type { Failure } from "../model/failure.ts";

/** `cancelled`: for good. `interrupted`: the process ends, a later one goes on. */
export type StopReason = "cancelled" | "interrupted";

interface LiveRun {
  done: Promise<void>;
  controller: AbortController;
}

export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  readonly #failures = new Map<string, Failure>();
  readonly #starting = new Set<string>();

  /** One start of a run at a time: undefined, and `start` is not called, while another is on its way. */
  async starting<T>(runId: string, start: () => Promise<T>): Promise<T | undefined> {
    if (this.#starting.has(runId)) return undefined;
    this.#starting.add(runId);
    return start().finally(() => this.#starting.delete(runId));
  }

  isLive(runId: string): boolean {
    return this.#runs.has(runId);
  }

  /** Begins `work`; it must not reject. */
  start(runId: string, work: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    this.#failures.delete(runId);
    const done = work(controller.signal).finally(() => this.#runs.delete(runId));
    this.#runs.set(runId, { done, controller });
  }

  /** Resolves when the run is idle or `ms` have passed, whichever comes first. */
  async wait(runId: string, ms: number): Promise<void> {
    const live = this.#runs.get(runId);
    if (live === undefined || ms <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([live.done, timeout]).finally(() => clearTimeout(timer));
  }

  /** Resolves when this process has left the run. */
  async ended(runId: string): Promise<void> {
    await this.#runs.get(runId)?.done;
  }

  /** The work ended because its record could not be kept; only this process knows why. */
  fail(runId: string, failure: Failure): void {
    this.#failures.set(runId, failure);
  }

  failureOf(runId: string): Failure | undefined {
    return this.#failures.get(runId);
  }

  stop(runId: string, reason: StopReason): void {
    this.#runs.get(runId)?.controller.abort(reason);
  }

  /** Ends everything, keeping all state, and waits until it has ended. */
  async close(): Promise<void> {
    const live = [...this.#runs.values()];
    for (const { controller } of live) controller.abort("interrupted" satisfies StopReason);
    await Promise.all(live.map(({ done }) => done));
  }
}
