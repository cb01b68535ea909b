/** Phase 3 — declared estimates corrected by what like tasks took in past runs, the more of them the more; a cautious one for risky tasks. */
import type { Estimate, PastDuration } from "../model/estimate.ts";
import type { Task } from "../model/task.ts";

/** With fewer past tasks nothing is corrected. */
const FEWEST = 3;
/** This many past tasks weigh as much as what is known without them. */
const WEIGHT = 4;
/** One measured task counts as at most this many times its estimate, or as that part of it. */
const EXTREME = Math.log(8);
/** Spread of the logarithm of actual ÷ estimated where nothing is known. */
const PRIOR_SPREAD = 0.5;
/** Four fifths of a normal distribution lie below this many standard deviations. */
const QUANTILE_80 = 0.8416;
const SECOND = 1_000;

/** Of every task, in their order; empty while too little is known. `agent` is that of tasks that name none. */
export function correctEstimates(tasks: Task[], past: PastDuration[], agent: string | undefined): Estimate[] {
  if (past.length < FEWEST) return [];
  return tasks.map((task) => correct(task, past, task.command === undefined ? (task.agent ?? agent) : undefined));
}

/** From all tasks of the repository to those of the agent to those of the category too: each group is drawn towards the one around it. */
function correct(task: Task, past: PastDuration[], agent: string | undefined): Estimate {
  const ofAgent = past.filter((one) => one.agent === agent);
  const like = ofAgent.filter((one) => one.category === task.category);
  const centre = [past, ofAgent, like].reduce((around, group) => drawn(group.map(logRatio), around), 0);
  const spread = Math.sqrt(
    (sum(like.map((one) => (logRatio(one) - centre) ** 2)) + WEIGHT * PRIOR_SPREAD ** 2) / (like.length + WEIGHT),
  );
  const usual = scaled(task.estimated_ms, centre);
  const cautious_ms = scaled(task.estimated_ms, centre + QUANTILE_80 * spread);
  const risky = task.risk_level === "high";
  return {
    task_id: task.id,
    declared_ms: task.estimated_ms,
    planned_ms: risky ? cautious_ms : usual,
    cautious_ms,
    why: why({ like: like.length, ofAgent: ofAgent.length, all: past.length }, Math.exp(centre), risky),
  };
}

function logRatio({ actual_ms, estimated_ms }: PastDuration): number {
  const ratio = Math.log(Math.max(1, actual_ms) / Math.max(1, estimated_ms));
  return Math.min(EXTREME, Math.max(-EXTREME, ratio));
}

function drawn(values: number[], around: number): number {
  return (sum(values) + WEIGHT * around) / (values.length + WEIGHT);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function scaled(ms: number, log: number): number {
  return Math.max(SECOND, Math.round((ms * Math.exp(log)) / SECOND) * SECOND);
}

function why(count: { like: number; ofAgent: number; all: number }, factor: number, risky: boolean): string {
  const known =
    count.like > 0
      ? `${count.like} past tasks of its agent and category`
      : count.ofAgent > 0
        ? `${count.ofAgent} past tasks of its agent`
        : `${count.all} past tasks of this repository`;
  const times = `${known} make it ${Math.round(factor * 100) / 100} times its estimate`;
  return risky ? `${times}; its risk is high, so it is planned with what four of five stay below` : times;
}
