/** A run that is cancelled while clients work and no process waits for them: what they did is kept like that of every unfinished attempt. */
import { adoptAttempt } from "./4-execute/run-attempt.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import type { ExecuteContext } from "./execute-run.ts";
import { leasedAttempts } from "./leased-attempts.ts";

export async function endLeased(context: ExecuteContext): Promise<void> {
  const { session, ports, list } = context;
  const { run } = session;
  const means = { ports: executePortsOf(context), signal: AbortSignal.abort("cancelled") };
  for (const attempt of leasedAttempts(run.run_id, ports)) {
    const task = list.tasks.find((candidate) => candidate.id === attempt.task_id);
    if (task === undefined) continue;
    const attempted = {
      run,
      task,
      base: attempt.base,
      inputs: [],
      number: attempt.attempt,
      failed: [],
    };
    await adoptAttempt(attempted, attempt, means);
  }
}
