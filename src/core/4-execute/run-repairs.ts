/** Phase 4.5 — one more attempt for each task whose result the combination failed with, on top of what passes, told what failed. */
import pLimit from "p-limit";
import type { Attempt } from "../model/attempt.ts";
import { type Failure, failure } from "../model/failure.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import type { Means } from "./attempt-context.ts";
import { inputsOf } from "./inputs-of.ts";
import { countedAttempts } from "./retry-rule.ts";
import { runAttempt } from "./run-attempt.ts";

export interface Repair {
  task: Task;
  /** the clash, as the agent is told it */
  clash: { check: string; with: string[]; output: string };
}

export interface RepairContext {
  run: Run;
  /** the combination that passes, without these tasks */
  base: string;
  /** of all tasks, so far */
  attempts: Attempt[];
  max_parallel: number;
}

const TOLD_BYTES = 4_000;

/** Returns the final records of the attempts, in the order of `repairs`. */
export async function runRepairs(repairs: Repair[], context: RepairContext, means: Means): Promise<Attempt[]> {
  const limit = pLimit(context.max_parallel);
  const { run, base } = context;
  const runs = repairs.map((repair) =>
    limit(async () => {
      const { task, clash } = repair;
      const own = context.attempts.filter((attempt) => attempt.task_id === task.id);
      const error = clashFailure(clash);
      const accepted = own.findLast((attempt) => attempt.state === "accepted");
      const previous: Attempt | undefined = accepted && { ...accepted, state: "rejected", error };
      const number = (own.at(-1)?.attempt ?? 0) + 1;
      const inputs = inputsOf(task, context.attempts);
      means.ports.record({ events: [{ type: "task_retried", task_id: task.id, attempt: number, error }] });
      return runAttempt({ run, task, base, inputs, number, failed: previous === undefined ? [] : [previous] }, means);
    }),
  );
  return Promise.all(runs);
}

/** A task is given one attempt more: none is left once an attempt after its first accepted one has ended by itself. */
export function mayRepair(attempts: Attempt[]): boolean {
  const first = attempts.findIndex((attempt) => attempt.state === "accepted");
  const later = attempts.slice(first + 1);
  return first !== -1 && countedAttempts(later).length === 0 && !later.some((attempt) => attempt.state === "accepted");
}

function clashFailure({ check, with: others, output }: Repair["clash"]): Failure {
  const partners = others.length === 0 ? "" : `, together with what ${others.join(", ")} changed`;
  const message = `alone the change was accepted; combined with the other tasks check ${check} fails${partners}:\n${output.trim().slice(-TOLD_BYTES)}`;
  const hint = "the workspace holds everything that passes without your change: make it again so that the check passes";
  return failure("validation_failed", message, hint);
}
