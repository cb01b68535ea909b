/** Outcomes as a table, and a line for each thing that went another way than plain git says it can. */

const HEADINGS = ["case", "tasks", "batches", "seconds", "expected", "reached", "final_status", "hunks", "verdict"];

/** Upstream's tree was promised and not delivered, or something happened that must never happen. */
export function misses(outcome) {
  const promised = outcome.mode === "declared" && outcome.expected.waves && !outcome.reached;
  return promised || !outcome.untouched || outcome.report === undefined || !accounted(outcome);
}

function accounted({ report }) {
  return report !== undefined && report.loss.accounted === report.loss.hunks;
}

function verdict(outcome) {
  if (outcome.report === undefined) return "NO REPORT";
  if (!outcome.untouched) return "CHECKOUT CHANGED";
  if (!accounted(outcome)) return "LOSS";
  if (outcome.reached) return outcome.expected.waves ? "ok" : "better than plain waves";
  if (misses(outcome)) return "MISSED";
  return outcome.expected.waves ? "not reached" : "ok, as expected";
}

/** `by waves / with conflicting tasks taking turns`, where the second is known. */
function expected({ waves, serialised }) {
  return [waves, serialised].flatMap((value) => (value === undefined ? [] : [value ? "yes" : "no"])).join(" / ");
}

export function row(outcome) {
  const { report } = outcome;
  return [
    outcome.case,
    String(outcome.tasks),
    String(report?.batches_executed ?? "-"),
    (outcome.ms / 1_000).toFixed(1),
    expected(outcome.expected),
    outcome.reached ? "yes" : "no",
    report?.final_status ?? `exit ${outcome.code}`,
    report === undefined ? "-" : `${report.loss.accounted}/${report.loss.hunks}`,
    verdict(outcome),
  ];
}

export function table(outcomes) {
  const rows = [HEADINGS, ...outcomes.map(row)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function summarise(outcomes) {
  const promised = outcomes.filter((outcome) => outcome.expected.waves);
  const kept = promised.filter((outcome) => outcome.reached).length;
  const more = outcomes.filter((outcome) => outcome.reached && !outcome.expected.waves).length;
  const seconds = (outcomes.reduce((sum, outcome) => sum + outcome.ms, 0) / 1_000).toFixed(0);
  return `upstream's tree reached in ${kept} of the ${promised.length} cases in which plain git reaches it, and in ${more} more; ${seconds} s in all`;
}

/** Why a case did not end with upstream's tree, as far as the report says. */
export function explain(outcome) {
  const { report } = outcome;
  const name = `${outcome.case} (${outcome.mode})`;
  if (report === undefined) return [`${name}: ${JSON.stringify(outcome.error)}`];
  const failed = report.tasks
    .filter((task) => task.status !== "success")
    .map(({ task_id, status, error }) => {
      const conflicts = outcome.log[task_id] ?? [];
      const why = conflicts.length > 0 ? conflicts.join("; ") : (error?.message ?? "no error given");
      return `${name}: ${task_id} ${status}: ${why}`;
    });
  const open = report.conflicts_open.map((conflict) => `${name}: waits for a decision: ${conflict}`);
  const dropped = report.loss.dropped.map(({ task_id, path, decision }) => `${name}: ${task_id} ${path}: ${decision}`);
  const silent = failed.length + open.length + dropped.length === 0 && !outcome.reached;
  return [...failed, ...open, ...dropped, ...(silent ? [`${name}: everything merged, and the tree is another`] : [])];
}
