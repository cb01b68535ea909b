/** The notifier port within one process: what other processes change is seen at the interval of whoever waits. */
import type { Notifier } from "../ports/notifier.ts";
import type { Sleep } from "../ports/sleep.ts";

export class RunNotifier implements Notifier {
  readonly #sleep: Sleep;
  readonly #waiting = new Map<string, Set<AbortController>>();

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  notify(run_id: string): void {
    for (const sleeper of this.#waiting.get(run_id) ?? []) sleeper.abort();
  }

  async wait(run_id: string, ms: number, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const sleepers = this.#waiting.get(run_id) ?? new Set();
    this.#waiting.set(run_id, sleepers.add(sleeper));
    try {
      await this.#sleep(ms, AbortSignal.any([sleeper.signal, signal]));
    } finally {
      sleepers.delete(sleeper);
      if (sleepers.size === 0) this.#waiting.delete(run_id);
    }
  }
}
