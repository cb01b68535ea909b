/** Shape of a plan, one stream or a number of batches, in the words that the command line, the tools and the picture share. */
import type { ExecutionPlan } from "./execution-plan.ts";

/** `one stream`, `1 batch` or `6 batches`. */
export function planShape({ mode, total_batches }: Pick<ExecutionPlan, "mode" | "total_batches">): string {
  if (mode === "streaming") return "one stream";
  return total_batches === 1 ? "1 batch" : `${total_batches} batches`;
}
