/** Waiting for a run without holding a client's call too long, telling it meanwhile what happens. */
import { progressOf, stateOf } from "../core/run/run-status.ts";
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
    const context = await parts.orchestrator.context(run_id);
    if (!context.ok) return;
    const { done, total } = progressOf(context.value);
    waiter.progress(++reported, `${what}; ${done} of ${total} tasks ended`);
  };
  let last: Promise<void> = Promise.resolve();
  const unwatch = parts.watch((run, event) => {
    if (run !== run_id) return;
    const what = event.type.replaceAll("_", " ") + ("task_id" in event ? ` ${event.task_id}` : "");
    last = last.then(() => report(what)).catch(() => undefined);
  });
  try {
    while (Date.now() < end && !waiter.signal.aborted && isWorking(run_id, parts)) {
      const left = Math.min(POLL_MS, end - Date.now());
      if (parts.orchestrator.live.isLive(run_id)) await parts.orchestrator.live.wait(run_id, left);
      else await new Promise((resolve) => setTimeout(resolve, left));
    }
  } finally {
    unwatch();
  }
}

function isWorking(runId: string, { orchestrator }: ServerParts): boolean {
  if (orchestrator.live.isLive(runId)) return true;
  const run = orchestrator.ports.store.run(runId);
  if (run === undefined) return false;
  return ["executing", "aggregating"].includes(stateOf(run, orchestrator.ports));
}
