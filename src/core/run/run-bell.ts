/** The bell port within one process: what other processes change is seen at the interval of whoever waits. */
import type { Bell } from "../ports/bell.ts";
import type { Pause } from "../ports/pause.ts";

export class RunBell implements Bell {
  readonly #pause: Pause;
  readonly #waiting = new Map<string, Set<AbortController>>();

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  ring(run_id: string): void {
    for (const sleeper of this.#waiting.get(run_id) ?? []) sleeper.abort();
  }

  async wait(run_id: string, ms: number, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const sleepers = this.#waiting.get(run_id) ?? new Set();
    this.#waiting.set(run_id, sleepers.add(sleeper));
    try {
      await this.#pause(ms, AbortSignal.any([sleeper.signal, signal]));
    } finally {
      sleepers.delete(sleeper);
      if (sleepers.size === 0) this.#waiting.delete(run_id);
    }
  }
}
