/** Two features of one library, both done: how often each way to join them delivers both, judged by tests that it never sees. `--help` lists the options. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ARMS, joinedBy, openPorts } from "./join/arms.mjs";
import { wilson } from "./join/interval.mjs";
import { cloneOf, commitOf, readTasks } from "./join/pairs.mjs";
import { Suites } from "./join/suites.mjs";

const USAGE = `usage: npm run bench -- join [--lite] [--real] [--joins] [--only TASK,TASK] [--every N] [--orders 1|2] [--json]

FORKJOIN_BENCH_DATA          folder of manifest.json: tasks, pairs of features, which of them git cannot merge
FORKJOIN_BENCH_REPOSITORIES  folder of one repository per library, OWNER+NAME, with the branches TASK/base, TASK/fN (a feature),
                             TASK/tN (its tests) and TASK/rI-a, TASK/rI-b (a real pair)
PYTHON, PYTHONPATH           a Python with pytest, and modules that the suites need

--lite    every seventh pair in one order: within ten minutes on two cores
--real    what two agents wrote, in place of the libraries' own features
--joins   no tests at all: how many pairs each arm joins, right or wrong, over all libraries
--every   of each task's pairs only each Nth`;

const { values } = parseArgs({
  options: {
    lite: { type: "boolean", default: false },
    real: { type: "boolean", default: false },
    joins: { type: "boolean", default: false },
    only: { type: "string" },
    every: { type: "string" },
    orders: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const { FORKJOIN_BENCH_DATA: data, FORKJOIN_BENCH_REPOSITORIES: repositories } = process.env;
if (values.help || data === undefined || repositories === undefined) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(values.help ? 0 : 2);
}

const every = Number(values.every ?? (values.lite ? 7 : 1));
const orders = Number(values.orders ?? (values.lite ? 1 : 2));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-join-")));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** One row per pair, order and arm: joined or refused, and where tests run, right or wrong. */
async function measure(task, rows) {
  const place = cloneOf(repositories, task.upstream, folder);
  if (place === undefined) return `${task.task}: no repository ${task.upstream.replace("/", "+")}`;
  const runs = !values.joins && Suites.run(task.task);
  if (!values.joins && !runs) return `${task.task}: its tests do not run here`;
  const own = mkdtempSync(join(folder, "task-"));
  const ports = await openPorts(place, own);
  const suites = runs ? new Suites(place, own) : undefined;
  const base = commitOf(place, `${task.task}/base`);
  for (const pair of task.pairs) {
    const commits = pair.refs.map((ref) => commitOf(place, ref));
    if (commits.includes(undefined) || base === undefined) continue;
    const tried = [pair, { features: pair.features.toReversed(), refs: pair.refs.toReversed() }].slice(0, orders);
    for (const { features, refs } of tried) {
      const sides = refs.map((ref) => commitOf(place, ref));
      for (const arm of ARMS) {
        const joined = await joinedBy(arm, { place, folder: own, ports, base, sides, suites });
        const right = joined !== undefined && suites?.isRight(joined, { task: task.task, features, sides });
        rows.push({ task: task.task, pair: features, arm, joined: joined !== undefined, right });
      }
      const outcome = rows
        .slice(-ARMS.length)
        .map(({ arm, joined, right }) => `${arm} ${right ? "right" : joined ? "joined" : "-"}`);
      process.stderr.write(`${task.task} ${features.join("+")}: ${outcome.join(", ")}\n`);
    }
  }
  return undefined;
}

const rows = [];
const skipped = [];
for (const task of readTasks(data, { kind: values.real ? "real" : "gold", every, only: values.only })) {
  const why = task.pairs.length === 0 ? undefined : await measure(task, rows);
  if (why !== undefined) skipped.push(why);
}

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const counted = (chosen, yes) => {
  const clusters = Map.groupBy === undefined ? grouped(chosen) : [...Map.groupBy(chosen, (row) => row.task).values()];
  const { share, low, high } = wilson(clusters.map((cluster) => cluster.map(yes)));
  return `${chosen.filter(yes).length} of ${chosen.length}, ${percent(share)} [${percent(low)}, ${percent(high)}]`;
};

function grouped(chosen) {
  return [...new Set(chosen.map((row) => row.task))].map((task) => chosen.filter((row) => row.task === task));
}

function table() {
  const head = values.joins ? ["arm", "joined"] : ["arm", "landed right", "refused", "landed wrong"];
  const lines = ARMS.map((arm) => {
    const own = rows.filter((row) => row.arm === arm);
    if (values.joins) return [arm, counted(own, (row) => row.joined)];
    const wrong = own.filter((row) => row.joined && !row.right).length;
    return [arm, counted(own, (row) => row.right), `${own.filter((row) => !row.joined).length}`, `${wrong}`];
  });
  return [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function perTask() {
  const names = [...new Set(rows.map((row) => row.task))];
  return names
    .map((task) => {
      const cells = ARMS.map((arm) => {
        const own = rows.filter((row) => row.task === task && row.arm === arm);
        const [joined, right] = [own.filter((row) => row.joined), own.filter((row) => row.right)];
        return values.joins ? `${joined.length}` : `${right.length}/${joined.length}`;
      });
      return `| ${task} | ${rows.filter((row) => row.task === task && row.arm === "git").length} | ${cells.join(" | ")} |`;
    })
    .join("\n");
}

if (values.json) process.stdout.write(`${JSON.stringify({ rows, skipped })}\n`);
else {
  const said = values.joins ? "joined" : "right/joined";
  process.stdout.write(
    `${table()}\n\n| task (${said}) | tries | ${ARMS.join(" | ")} |\n|${" --- |".repeat(ARMS.length + 2)}\n${perTask()}\n`,
  );
  for (const why of skipped) process.stdout.write(`not measured: ${why}\n`);
}
