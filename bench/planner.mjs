/** How good the planner's plans are: each goal, the figure reached, and what a simpler way gives, every plan checked by the data's own scorer. */

import { inputOf, readInstances, readScorer, scaleOf } from "./planner/instances.mjs";
import { literalLevels } from "./planner/literal-levels.mjs";
import { batchesOf, processorMs, streamOf } from "./planner/plan.mjs";
import { scale } from "./planner/scale.mjs";
import { table } from "./planner/table.mjs";
import { READINGS, workload } from "./planner/workload.mjs";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (values) => `${(100 * mean(values.map(Number))).toFixed(1)} %`;
let invalid = 0;

function show(what, goal, figures) {
  process.stdout.write(`| ${what} | ${goal} | ${figures} |\n`);
}

function check(instance, score) {
  if (score.valid) return;
  invalid++;
  process.stderr.write(`INVALID ${instance.name}: ${score.errors.join("; ")}\n`);
}

/** The table's workloads as the scorer takes them; unchecked without the data it comes with. */
function checkWorkload({ tasks, conflicts, locks, max_parallel }, { start, batches }) {
  if (scorer === undefined) return;
  const held = Object.values(locks).flatMap((ids) => ids.flatMap((one) => ids.map((other) => [one, other])));
  const pairs = [...conflicts, ...conflicts.map(([one, other]) => [other, one]), ...held];
  const instance = {
    name: "workload",
    machines: max_parallel,
    tasks: tasks.map(({ id, duration_ms, needs }) => ({
      id,
      duration: duration_ms,
      dependsOn: needs,
      conflictsWith: pairs.filter(([one, other]) => one === id && other !== id).map(([, other]) => other),
    })),
  };
  check(instance, scorer.scoreSchedule(instance, Object.fromEntries(tasks.map(({ id }, place) => [id, start[place]]))));
  check(instance, scorer.scorePlan(instance, batches));
}

function referenceOf({ best, reference }) {
  return best.optimum ?? best.upperBound ?? best.lowerBound ?? reference.lowerBound;
}

function stream({ instances, scorer }, ms) {
  return instances.map((instance) => {
    const planned = streamOf(inputOf(instance), ms);
    const { problem, start } = planned;
    const scale = scaleOf(instance);
    check(
      instance,
      scorer.scoreSchedule(instance, Object.fromEntries(problem.ids.map((id, task) => [id, start[task] / scale]))),
    );
    const { optimum } = instance.best;
    const reached = planned.ms / scale;
    return {
      ratio: reached / referenceOf(instance),
      optimum,
      isOptimal: reached <= optimum,
      isProven: planned.ms <= planned.bound,
      took: planned.took,
    };
  });
}

function showStream(what, goal, rows) {
  const known = rows.filter((row) => row.optimum != null);
  const certified =
    known.length === 0
      ? ""
      : `, optimal ${percent(known.map((row) => row.isOptimal))} and proven so ${percent(known.map((row) => row.isProven))} of ${known.length} known`;
  const ofKnown =
    known.length === 0 || known.length === rows.length
      ? ""
      : `, of known optima ${mean(known.map((row) => row.ratio)).toFixed(5)}`;
  show(
    what,
    goal,
    `${mean(rows.map((row) => row.ratio)).toFixed(5)}${ofKnown}${certified}; ${mean(rows.map((row) => row.took)).toFixed(0)} ms each`,
  );
}

function batches({ instances, scorer }, ms, objective) {
  return instances.map((instance) => {
    const planned = batchesOf(inputOf(instance), ms, { objective });
    const score = scorer.scorePlan(instance, planned.ids);
    check(instance, score);
    const { batch } = instance.reference;
    return {
      sum: score.sumMax,
      count: score.batches,
      batch,
      took: planned.took,
      optimal: planned.optimal,
      best: referenceOf(instance),
      isWorse: objective === "time" ? score.sumMax > batch.level.sumMax * 1.000001 : score.batches > batch.level.count,
    };
  });
}

/** The kinds that batches can be made for: all of them, since a batch keeps pools too. */
const KINDS = ["stg", "stg1000", "jobshop", "openshop", "psplib", "wfcommons", "wvcp", "gcp"];

const SECTIONS = {
  stg(data) {
    showStream("streaming, STG 50/100, 50 ms", "≤ 1.0001, ≥ 99 % optimal", stream(data("stg"), 50));
  },
  jobshop(data) {
    showStream("streaming with locks, job shop, 1 s", "≤ 1.05", stream(data("jobshop"), 1_000));
  },
  psplib(data) {
    for (const [size, goal] of [
      ["j30", 1.002],
      ["j60", 1.005],
      ["j120", 1.007],
    ]) {
      showStream(`streaming with pools, PSPLIB ${size}, 1 s`, `≤ ${goal}`, stream(data("psplib", `${size}_`), 1_000));
    }
  },
  batches(data) {
    for (const [name, goal] of [
      ["stg50", 1.06],
      ["stg100", 1.09],
    ]) {
      const rows = batches(data("stg", `${name}_`), 60, "time");
      const ratio = mean(rows.map((row) => row.sum / row.batch.lowerBoundSumMax)).toFixed(4);
      const levels = mean(rows.map((row) => row.batch.level.sumMax / row.batch.lowerBoundSumMax)).toFixed(3);
      show(
        `batches, ${name}, time ÷ bound, 60 ms`,
        `≤ ${goal}`,
        `${ratio}; literal levels ${levels}, worse than them ${rows.filter((row) => row.isWorse).length}`,
      );
    }
  },
  fewest(data) {
    const rows = batches(data("stg"), 200, "batches");
    const hit = percent(rows.map((row) => row.count <= row.batch.lowerBoundCount));
    show(
      "fewest batches, STG, 200 ms",
      "= bound on ≥ 95 %",
      `${hit}; worse than literal levels ${rows.filter((row) => row.isWorse).length}`,
    );
  },
  colouring(data) {
    const weighted = batches(data("wvcp"), 1_000, "time");
    show("batches on conflicts, WVCP, 1 s", "≤ 1.02", mean(weighted.map((row) => row.sum / row.best)).toFixed(4));
    const fewest = batches(data("gcp"), 1_000, "batches");
    show("fewest batches on conflicts, GCP, 1 s", "≤ 1.03", mean(fewest.map((row) => row.count / row.best)).toFixed(4));
  },
  levels(data) {
    for (const objective of ["time", "batches"]) {
      const worse = [];
      let tried = 0;
      for (const kind of KINDS) {
        for (const instance of data(kind).instances) {
          tried++;
          const planned = batchesOf(inputOf(instance), 20, { objective, asUsual: true });
          const score = data(kind).scorer.scorePlan(instance, planned.ids);
          check(instance, score);
          const literal = literalLevels(instance, objective);
          const reached = objective === "time" ? score.sumMax : score.batches;
          if (reached > literal * 1.000001) worse.push(`${instance.name} ${reached} > ${literal}`);
        }
      }
      const exceptions = worse.length === 0 ? "" : `: ${worse.join(", ")}`;
      show(
        `all kinds, ${objective}, 20 ms, against literal levels`,
        "0 worse",
        `${worse.length} of ${tried}${exceptions}`,
      );
    }
  },
  exact() {
    const results = Array.from({ length: 40 }, (_, seed) => {
      const input = workload({ tasks: 20, independent: 0.3 }, READINGS[seed % READINGS.length], {
        sigma: 0.8,
        seed: seed + 1,
      });
      return ["time", "batches"].map((objective) => batchesOf(input, 300, { objective, asUsual: true }));
    }).flat();
    show(
      "20 tasks, 300 ms: proven optimal",
      "100 %",
      `${percent(results.map((result) => result.optimal))}, ${mean(results.map((result) => result.took)).toFixed(0)} ms each`,
    );
  },
  table() {
    process.stdout.write(
      "\n| row of the specification | reading | sigma | ceiling | stream (p10–p90) | ÷ ceiling | batches (p10–p90), proven optimal | literal levels | its range |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    const ratios = [];
    for (const line of table(checkWorkload)) {
      ratios.push(line.ratio);
      process.stdout.write(
        `| ${line.what} | ${line.ceiling} | ${line.stream} | ${line.ratio.toFixed(3)} | ${line.batches}, ${(100 * line.optimal).toFixed(0)} % | ${line.levels} | ${line.reach} |\n`,
      );
    }
    process.stderr.write(`stream ÷ ceiling: goal 0.97, least ${Math.min(...ratios).toFixed(3)}\n`);
  },
  scale() {
    for (const mode of ["streaming", "batches"]) {
      const [half, whole] = [scale(50_000, mode), scale(100_000, mode)];
      show(
        `100,000 tasks, ${whole.pairs} conflicts as locks, ${mode}: the whole plan`,
        "< 1 s, memory linear",
        `${(whole.took / 1_000).toFixed(2)} s of processor time (${(half.took / 1_000).toFixed(2)} s for half as many), ${whole.bytes} bytes a task kept (${half.bytes}), gap ${whole.gap}`,
      );
    }
  },
};

const NEED_DATA = ["levels", "stg", "jobshop", "psplib", "batches", "fewest", "colouring"];
const asked = process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(SECTIONS) : asked;
const unknown = names.find((name) => SECTIONS[name] === undefined);
if (unknown !== undefined) {
  process.stderr.write(`no section is called ${unknown}; there are: ${Object.keys(SECTIONS).join(", ")}\n`);
  process.exit(2);
}
const instances = await readInstances();
const scorer = instances === undefined ? undefined : await readScorer();
const data = (kind, start = "") => ({
  scorer,
  instances: instances.filter((one) => one.kind === kind && one.name.startsWith(start)),
});
process.stdout.write("| what | goal | reached |\n| --- | --- | --- |\n");
const began = processorMs();
for (const name of names) {
  if (instances === undefined && NEED_DATA.includes(name)) {
    process.stderr.write(
      `skipped ${name}: set FORKJOIN_BENCH_DATA to the folder that holds scheduling/instances.jsonl.gz\n`,
    );
  } else {
    SECTIONS[name](data);
  }
}
process.stderr.write(`${invalid} invalid plans; ${((processorMs() - began) / 1_000).toFixed(0)} s of processor time\n`);
process.exit(invalid === 0 ? 0 : 1);
