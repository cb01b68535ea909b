/** Budgets as admission control: at a cap nothing new starts, what runs is kept. What running agents have reported so far counts too. */
import type { Attempt } from "../model/attempt.ts";
import type { Budget } from "../model/budget.ts";
import { formatDuration, parseDuration } from "../model/duration.ts";
import { type Failure, failure } from "../model/failure.ts";
import { totalUsage, type Usage } from "../model/usage.ts";

const RAISE = "raise `budget` in the configuration, then `forkjoin resume` goes on with what is left";

/** Usage that running agents have reported and no record holds yet. */
export class Spending {
  readonly #running = new Map<string, Usage>();

  note(attempt: string, usage: Usage | undefined): void {
    if (usage !== undefined) this.#running.set(attempt, usage);
  }

  settled(attempt: string): void {
    this.#running.delete(attempt);
  }

  get running(): Usage[] {
    return [...this.#running.values()];
  }
}

/** Why the run may start nothing more, if so. `attempts` are all of the run's. */
export function runBudgetProblem(
  budget: Budget | undefined,
  { attempts, running, now }: { attempts: Attempt[]; running: Usage[]; now: number },
): Failure | undefined {
  const { cost_usd, tokens, wall } = budget?.run ?? {};
  const spent = totalUsage([...attempts.map((attempt) => attempt.usage), ...running]);
  const cost = spent?.cost_usd ?? 0;
  if (cost_usd !== undefined && cost >= cost_usd) return spentFailure("run", `${cost.toFixed(2)} of ${cost_usd} USD`);
  const used = (spent?.input_tokens ?? 0) + (spent?.output_tokens ?? 0);
  if (tokens !== undefined && used >= tokens) return spentFailure("run", `${used} of ${tokens} tokens`);
  const limit = wall === undefined ? undefined : parseDuration(wall);
  const began = Math.min(...attempts.map((attempt) => attempt.started_at));
  if (limit === undefined || now - began < limit) return undefined;
  return spentFailure("run", `${formatDuration(now - began)} of ${wall}`);
}

/** Why the task is not tried again, if so: its last failure with the reason. */
export function taskBudgetProblem(budget: Budget | undefined, attempts: Attempt[]): Failure | undefined {
  const cap = budget?.task.cost_usd;
  const cost = totalUsage(attempts.map((attempt) => attempt.usage))?.cost_usd ?? 0;
  if (cap === undefined || cost < cap) return undefined;
  const spent = spentFailure("task", `${cost.toFixed(2)} of ${cap} USD`);
  const last = attempts.at(-1)?.error;
  return last === undefined ? spent : { ...spent, message: `${last.message}; not tried again: ${spent.message}` };
}

function spentFailure(whose: "run" | "task", what: string): Failure {
  return failure("budget_spent", `the ${whose}'s budget is spent: ${what}`, RAISE);
}
