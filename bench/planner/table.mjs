/** The specification's table of expected improvements: every row under every reading, with equal and unequal tasks, against its ceiling. */
import { levelBatches } from "../../build/core/3-batch/batches/level-batches.js";
import { timeOf } from "../../build/core/3-batch/batches/partition.js";
import { batchesOf, streamOf } from "./plan.mjs";
import { READINGS, ROWS, workload } from "./workload.mjs";

const SEEDS = 200;
const SIGMAS = [0, 0.5, 1];
const BUDGET_MS = 200;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One line for every row, reading and spread of the durations; `check` is given every schedule and every plan. */
export function* table(check) {
  for (const row of ROWS) {
    for (const reading of row.independent === 1 ? ["all"] : READINGS) {
      for (const sigma of SIGMAS) yield lineOf({ row, reading, sigma }, check);
    }
  }
}

function lineOf({ row, reading, sigma }, check) {
  const plans = Array.from({ length: SEEDS }, (_, seed) =>
    planned(workload(row, reading, { sigma, seed: seed + 1 }), check),
  );
  const of = (key) => mean(plans.map((plan) => plan[key]));
  return {
    what: `${row.tasks} tasks, ${100 * row.independent} %: ${row.expected.join("–")} | ${reading} | ${sigma}`,
    ceiling: of("ceiling").toFixed(2),
    stream: `${of("stream").toFixed(2)} (${tenths(plans.map((plan) => plan.stream))})`,
    ratio: mean(plans.map((plan) => plan.stream / plan.ceiling)),
    batches: `${of("batches").toFixed(2)} (${tenths(plans.map((plan) => plan.batches))})`,
    optimal: of("optimal"),
    levels: of("levels").toFixed(2),
    reach: reachOf(row.expected, of),
  };
}

function planned(input, check) {
  const work = input.tasks.reduce((sum, task) => sum + task.duration_ms, 0);
  const free = streamOf(input, BUDGET_MS);
  const barred = batchesOf(input, BUDGET_MS, { objective: "time", asUsual: true });
  check(input, { start: free.start, batches: barred.ids });
  return {
    ceiling: work / free.bound,
    stream: work / free.ms,
    batches: work / barred.ms,
    optimal: Number(barred.optimal),
    levels: work / timeOf(free.problem, levelBatches(free.problem), 0),
  };
}

/** From where the lowest tenth ends to where the highest begins. */
function tenths(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))].toFixed(2);
  return `${at(0.1)}–${at(0.9)}`;
}

function reachOf([low, high], of) {
  const reached = (value) => value >= low - 0.005;
  if (!reached(of("ceiling"))) return "no plan can: the ceiling is below";
  if (!reached(of("stream"))) return "not reached";
  const where = of("stream") > high + 0.005 ? "above the range" : "reached";
  return reached(of("batches")) ? where : `${where} by streaming alone`;
}
