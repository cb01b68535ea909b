/** Session of a command: the composed core, and an answer to Ctrl-C. */
import { type Composed, type ComposeOptions, compose } from "../compose.ts";
import { failure } from "../core/model/failure.ts";
import type { Result } from "../core/model/result.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { CommandFailed, EXIT } from "./output.ts";

/** The value, or the command ends with the failure. */
export function expect<T>(result: Result<T>, exitCode: number = EXIT.usage): T {
  if (!result.ok) throw new CommandFailed(result.error, exitCode);
  return result.value;
}

/** The composed core as commands use it. */
export type Core = Omit<Composed, "orchestrator"> & { orchestrator: Operations };

export async function withCore<T>(options: ComposeOptions, use: (core: Core) => Promise<T>): Promise<T> {
  const core = expect(await compose(options));
  try {
    return await use(core);
  } finally {
    await core.close();
  }
}

/** The named run as it stands, or the command ends. */
export function viewOf(orchestrator: Operations, runId: string): RunView {
  return expect(orchestrator.view(runId));
}

const A_LONG_TIME_MS = 24 * 24 * 3_600_000;

/** Waits until the run is idle. The first Ctrl-C interrupts it and keeps its state; the second ends the process at once. */
export async function untilIdle(orchestrator: Operations, runId: string): Promise<void> {
  const interrupt = (): void => {
    if (stopping.now) process.exit(EXIT.interrupted);
    stopping.now = true;
    orchestrator.requests.interrupt(runId);
  };
  const stopping = { now: false };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await orchestrator.wait(runId, A_LONG_TIME_MS);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
  if (stopping.now) {
    const hint = `everything done so far is kept: forkjoin resume ${runId}`;
    throw new CommandFailed(failure("interrupted", `run ${runId} was interrupted`, hint), EXIT.interrupted);
  }
}
