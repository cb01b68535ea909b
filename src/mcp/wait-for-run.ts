/** Waiting for a run without holding a client's call too long, telling it meanwhile what happens. */
import type { ServerParts } from "./server-parts.ts";

const POLL_MS = 500;

export interface Waiter {
  signal: AbortSignal;
  /** reports progress to the client; does nothing when it asked for none */
  progress(count: number, message: string): void;
}

/** Returns when the run is idle, the time is over, or the client gave up waiting; the run itself goes on. */
export async function waitForRun(
  { run_id, seconds }: { run_id: string; seconds: number },
  parts: ServerParts,
  waiter: Waiter,
): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  let reported = 0;
  const report = async (what: string): Promise<void> => {
    const view = parts.orchestrator.view(run_id);
    const progress = view.ok ? await view.value.progress() : view;
    if (!progress.ok) return;
    const { done, total } = progress.value;
    waiter.progress(++reported, `${what}; ${done} of ${total} tasks ended`);
  };
  let last: Promise<void> = Promise.resolve();
  const unwatch = parts.watch((run, event) => {
    if (run !== run_id) return;
    const what = event.type.replaceAll("_", " ") + ("task_id" in event ? ` ${event.task_id}` : "");
    last = last.then(() => report(what)).catch(() => undefined);
  });
  try {
    for (let left = end - Date.now(); left > 0 && !waiter.signal.aborted; left = end - Date.now()) {
      const view = parts.orchestrator.view(run_id);
      if (!view.ok || !view.value.isWorking) return;
      const turn = Math.min(POLL_MS, left);
      if (view.value.isOwn) await parts.orchestrator.wait(run_id, turn);
      else await new Promise((resolve) => setTimeout(resolve, turn));
    }
  } finally {
    unwatch();
  }
}
