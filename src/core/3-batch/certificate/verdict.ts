/** Phase 3's verdict — "don't parallelize" is a result too: one task at a time anyway, or an overhead that eats the gain. */
import { formatDuration } from "../../model/duration.ts";
import type { Batch, ExecutionPlan, PlanMode } from "../../model/execution-plan.ts";

export interface Outcome {
  mode: PlanMode;
  /** most tasks at once */
  widest: number;
  parallelMs: number;
  sequentialMs: number;
}

export function verdict(batches: readonly Batch[], outcome: Outcome): Pick<ExecutionPlan, "recommendation" | "why"> {
  const { mode, parallelMs, sequentialMs } = outcome;
  const tasks = batches.reduce((count, batch) => count + batch.tasks.length, 0);
  if (batches.every((batch) => !batch.parallel)) {
    const alone = mode === "streaming" ? "no two tasks can run at once" : "every batch of the plan holds one task only";
    const cause = tasks === 1 ? "there is one task only" : alone;
    const why = `${cause}, so one agent after the other does the same with less overhead`;
    return { recommendation: "sequential", why };
  }
  if (parallelMs >= sequentialMs) {
    const [planned, alone] = [formatDuration(parallelMs), formatDuration(sequentialMs)];
    const what = mode === "streaming" ? "the plan and its sync point take" : "the batches and their sync points take";
    return { recommendation: "sequential", why: `${what} ${planned}, one task after the other ${alone}` };
  }
  const saved = formatDuration(sequentialMs - parallelMs);
  return { recommendation: "parallel", why: `up to ${outcome.widest} tasks at once save ${saved}` };
}
