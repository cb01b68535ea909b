/** The planner's engine under a clock of processor time, so that a busy machine changes no figure. */
import { BatchBound } from "../../build/core/3-batch/batches/batch-bound.js";
import { timeOf } from "../../build/core/3-batch/batches/partition.js";
import { lowerBound } from "../../build/core/3-batch/certificate/lower-bound.js";
import { planPartition } from "../../build/core/3-batch/plan-partition.js";
import { planStream } from "../../build/core/3-batch/plan-stream.js";
import { compileProblem } from "../../build/core/3-batch/problem/compile-problem.js";
import { mutexGroups, withLocksAlone } from "../../build/core/3-batch/problem/mutex-groups.js";
import { SearchBudget } from "../../build/core/3-batch/search-budget.js";
import { makespan } from "../../build/core/3-batch/streaming/makespan.js";

export function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Only the clock ends a search here: goals are set in milliseconds. With `asUsual` the steps do, as in a plan of the product. */
function budgetOf(ms, asUsual = false) {
  return new SearchBudget({ ms, now: processorMs, ...(asUsual ? {} : { steps: Number.MAX_SAFE_INTEGER }) });
}

function compiled(input) {
  const problem = compileProblem(input);
  if (!problem.ok) throw new Error(problem.error.message);
  return problem.value;
}

export function streamOf(input, budgetMs) {
  const began = processorMs();
  const budget = budgetOf(budgetMs);
  const problem = compiled(input);
  const mutexes = mutexGroups(problem);
  const bound = lowerBound(problem, mutexes, budget);
  const start = planStream(problem, { bound, mutexes, budget });
  return { problem, start, bound: bound.ms, ms: makespan(problem, start), took: processorMs() - began };
}

export function batchesOf(input, budgetMs, { objective, sync = 0, asUsual }) {
  const began = processorMs();
  const compact = compiled(input);
  const problem = withLocksAlone(compact, mutexGroups(compact));
  const planned = planPartition(problem, { objective, sync, budget: budgetOf(budgetMs, asUsual) });
  const took = processorMs() - began;
  const ids = planned.partition.map((batch) => batch.map((task) => problem.ids[task]));
  const bound = new BatchBound(problem, sync).of();
  return { ...planned, ids, took, bound, ms: timeOf(problem, planned.partition, sync) };
}
