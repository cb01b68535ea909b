/** The next step of a run as a command: what tools name as a call, on the command line. */
import type { NextStep } from "../core/model/next-step.ts";

/** Commands do several phases at once: what a tool takes in three calls is one `resume`. */
const COMMANDS: Record<string, string> = {
  analyze_dependencies: "resume",
  plan_batches: "resume",
  execute_batch: "resume",
  aggregate_results: "resume",
  resolve_conflict: "resolve",
  get_run: "status",
};

/** Empty where nothing follows, or nothing that a command does. */
export function stepCommand(runId: string, step: NextStep | undefined): string[] {
  const command = step && COMMANDS[step.tool];
  return command === undefined ? [] : [`forkjoin ${command} ${runId}`];
}
