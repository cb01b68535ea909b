/** What the run with the scripted agent must come to, and where a run differs from it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { editedPaths } from "../agent/apply-edits.mjs";

const EDITS = fileURLToPath(new URL("../edits", import.meta.url));

const EXPECTED = {
  "credit-note": { status: "success", attempts: 1 },
  "credit-note-text": { status: "success", attempts: 1 },
  "credit-note-command": { status: "success", attempts: 1 },
  "aging-report": { status: "success", attempts: 1 },
  "revenue-report": { status: "success", attempts: 1 },
  "currency-minor-units": { status: "success", attempts: 1 },
  "csv-quoted-fields": { status: "success", attempts: 2 },
  "discount-tests": { status: "success", attempts: 1 },
  "store-docs": { status: "success", attempts: 1 },
  "html-invoice": { status: "failed", attempts: 3, code: "scope_violation" },
};

/** One row per task for a table: what was expected and what happened. */
export function comparison(report) {
  return Object.entries(EXPECTED).map(([id, expected]) => [id, inWords(expected), inWords(resultOf(report, id))]);
}

/** One line per difference; none when exactly the expected happened. */
export async function differences({ exitCode, plan, report, changed, tests, checkout }) {
  return [
    ...tasksThatDiffer(report),
    ...unless(exitCode === 1, `forkjoin run ended with ${exitCode}, not with 1`),
    ...unless(report.final_status === "partial", `the final status is ${report.final_status}, not partial`),
    ...unless(report.validation.passed === true, "the checks on the combined result did not pass"),
    ...unless(report.loss.hunks === report.loss.accounted, "not every accepted change is accounted for"),
    ...unless(!sharesBatch(plan, ["aging-report", "revenue-report"]), "two tasks on one file share a batch"),
    ...(await pathsThatDiffer(changed)),
    ...unless(tests.passed && tests.pass > 0, "the tests fail on a fresh clone of the branch"),
    ...checkout.map((change) => `the checkout was touched: ${change}`),
  ];
}

function tasksThatDiffer(report) {
  const known = comparison(report)
    .filter(([, expected, happened]) => expected !== happened)
    .map(([id, expected, happened]) => `${id}: expected ${expected}, got ${happened}`);
  const unknown = report.tasks.filter((task) => !Object.hasOwn(EXPECTED, task.task_id));
  return [...known, ...unknown.map((task) => `${task.task_id} is no task of the demo`)];
}

/** The branch must change exactly what the tasks that succeed were to change. */
async function pathsThatDiffer(changed) {
  const succeed = Object.keys(EXPECTED).filter((id) => EXPECTED[id].status === "success");
  const paths = (await Promise.all(succeed.map((id) => editedPaths(join(EDITS, id))))).flat();
  const missing = [...new Set(paths)].filter((path) => !changed.includes(path));
  const extra = changed.filter((path) => !paths.includes(path));
  return [
    ...missing.map((path) => `${path} is not changed on the branch`),
    ...extra.map((path) => `${path} is changed on the branch, and no accepted task does that`),
  ];
}

function resultOf(report, id) {
  const task = report.tasks.find((candidate) => candidate.task_id === id);
  return task && { status: task.status, attempts: task.attempts, code: task.error?.code };
}

function inWords(result) {
  if (result === undefined) return "no result";
  const attempts = result.attempts === 1 ? "1 attempt" : `${result.attempts} attempts`;
  return `${result.status}, ${attempts}${result.code === undefined ? "" : `, ${result.code}`}`;
}

function sharesBatch(plan, ids) {
  return plan.batches.some((batch) => ids.every((id) => batch.tasks.includes(id)));
}

function unless(holds, message) {
  return holds ? [] : [message];
}
