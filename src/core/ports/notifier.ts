/** Something about a run changed in this process: whoever waits for it looks again at once instead of at the next interval. */

export interface Notifier {
  notify(run_id: string): void;
  /** Resolves when the run is notified of, after `ms`, or when the signal aborts. */
  wait(run_id: string, ms: number, signal: AbortSignal): Promise<void>;
}
