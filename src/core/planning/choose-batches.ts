/** Phase 4 keeps the plan's order: which batches a request to execute means, and why it may not be that one. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { runnableTasks } from "../run/waiting-for.ts";

/** Batches by their numbers, or all of them: those too that are planned while the run goes on. */
export type BatchSet = number[] | "all";

/** One batch by its number, the next that has something to do, or all. */
export type BatchChoice = number | "next" | "all";

export function chooseBatches(context: PlannedRun, choice: BatchChoice): Result<BatchSet> {
  const ids = context.plan.batches.map((batch) => batch.batch_id);
  if (choice === "all" || (choice === "next" && context.plan.mode === "streaming")) return ok("all");
  const next = context.plan.batches.find((batch) => runnableTasks(context, batch).length > 0)?.batch_id;
  if (choice === "next") return ok(next === undefined ? [] : [next]);
  if (!ids.includes(choice)) {
    return err(failure("unknown_batch", `batch_id ${choice} is no batch of this plan`, `batches: ${ids.join(", ")}`));
  }
  if (context.plan.mode === "streaming") return ok("all");
  if (next !== undefined && choice > next) {
    const message = `batch ${choice} waits for batch ${next}, which is not done`;
    return err(failure("wrong_phase", message, `call execute_batch with batch_id ${next} first, or "all"`));
  }
  return ok([choice]);
}
