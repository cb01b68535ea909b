/** The report as Markdown, fit for a pull request's text. */
import type { TaskResult } from "../../model/batch-results.ts";
import { costText, usageText } from "../../model/cost-text.ts";
import type { Report } from "../../model/report.ts";

export function reportMarkdown(report: Report): string {
  const parts = [
    `# Run ${report.run_id}: ${report.final_status}`,
    report.summary,
    table(["", ""], facts(report)),
    instances(report),
    "## Tasks",
    table(["task", "status", "attempts", "time", "files", "tokens", "why not"], report.tasks.map(taskRow)),
    merges(report),
    checks(report),
    culprits(report),
    loss(report),
    scopes(report),
    kept(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function facts(report: Report): string[][] {
  const { timings, validation } = report;
  const names = validation.checks.map(({ check }) => check).join(", ");
  const tested =
    validation.passed === null ? "no checks configured" : `${validation.passed ? "passed" : "FAILED"}: ${names}`;
  return [
    ["branch", report.branch === null ? "none" : `\`${report.branch}\``],
    ["commit", `\`${report.commit}\``],
    ...(report.onto === undefined ? [] : [["on top of", `${report.onto.ref} at \`${report.onto.commit}\``]]),
    ["tasks", `${report.tasks_succeeded} succeeded, ${report.tasks_failed} failed, ${report.tasks_skipped} skipped`],
    ["batches executed", String(report.batches_executed)],
    ["conflicts", `${report.conflicts_resolved} resolved, ${report.conflicts_open.length} open`],
    ["checks on the combined state", tested],
    ["parallel efficiency", `${report.parallel_efficiency} (${timings.work} of work in ${timings.wall})`],
    ["tokens", costText(report.cost)],
    ["hunks accounted for", `${report.loss.accounted} of ${report.loss.hunks}`],
  ];
}

function taskRow(task: TaskResult): string[] {
  const change = task.result;
  const files = change === undefined ? "" : `${change.files.length} (+${change.insertions} −${change.deletions})`;
  const why = task.error === null ? "" : `${task.error.code}: ${task.error.message}`;
  return [task.task_id, task.status, String(task.attempts), task.duration ?? "", files, usageText(task.usage), why];
}

/** Per instance, and so per issue: what happened. */
function instances({ instances: all = [], workflow_id }: Report): string {
  if (all.length === 0) return "";
  const rows = all.map(({ id, issue, title, status, phases, branch, why }) => {
    const last = phases.findLast((phase) => phase.status !== "pending" && phase.status !== "skipped")?.phase_id ?? "";
    return [issue ?? id, title, status, last, branch === undefined ? "" : `\`${branch}\``, why ?? ""];
  });
  return `## Instances of ${workflow_id ?? "the workflow"}\n\n${table(["instance", "about", "status", "last phase", "branch", "why"], rows)}`;
}

/** Grants, refusals, and what steers others. */
function scopes(report: Report): string {
  const rows = report.tasks.flatMap(({ task_id, granted = [], refused = [], steering = [], refused_writes = [] }) => [
    ...refused_writes.map((line) => [task_id, "", `the sandbox refused it to write: ${line}`]),
    ...granted.map((path) => [task_id, path, "granted beyond the declared scope"]),
    ...refused.map(({ path, why }) => [task_id, path, `refused: ${why}`]),
    ...steering.map(({ path, what }) => [task_id, path, `changed: it is ${what}`]),
  ]);
  return rows.length === 0 ? "" : `## Scope\n\n${table(["task", "path", "what became of it"], rows)}`;
}

function checks({ validation }: Report): string {
  const failed = validation.checks.filter((check) => !check.passed);
  return failed.map((check) => `## Check ${check.check} failed\n\n${fenced(check.output)}`).join("\n\n");
}

/** Table of the merges that needed more than git; those that git did alone are no news. */
function merges(report: Report): string {
  const rows = report.merges
    .filter(({ by }) => by.some((step) => step !== "git"))
    .map(({ task_id, path, by, checks = [], verification = "" }) => {
      return [task_id, path, by.join(", "), [verification, ...checks].join(" ").trim()];
    });
  return rows.length === 0 ? "" : `## Merged beyond git\n\n${table(["task", "path", "by", "verified by"], rows)}`;
}

function culprits({ validation }: Report): string {
  const rows = validation.culprits.map(({ task_id, with: partners, check, repaired }) => {
    return [task_id, partners.join(", "), check, repaired ? "landed with another attempt" : "left out"];
  });
  const others = validation.set_aside.map(({ task_id, why }) => [task_id, "", "", `left out: ${why}`]);
  const notes = [
    validation.flaky.length > 0 ? `Failed once and then passed on the same state: ${validation.flaky.join(", ")}.` : "",
    validation.base_failed.length > 0
      ? `Failed on the base commit already, so nobody is to blame: ${validation.base_failed.join(", ")}.`
      : "",
    validation.inconsistent === undefined ? "" : `The verdicts contradict each other: ${validation.inconsistent}.`,
  ].filter((note) => note !== "");
  if (rows.length + others.length + notes.length === 0) return "";
  const found = table(["task", "clashes with", "check", "what became of it"], [...rows, ...others]);
  const said = validation.culprits.map(({ task_id, output }) => `\`${task_id}\`:\n\n${fenced(output)}`);
  const parts = rows.length + others.length === 0 ? notes : [found, ...notes, ...said];
  return ["## What the checks found", ...parts].join("\n\n");
}

function loss(report: Report): string {
  if (report.loss.dropped.length === 0) return "";
  const rows = report.loss.dropped.map(({ task_id, path, decision }) => [task_id, path, decision]);
  return `## Left out by decision\n\n${table(["task", "path", "decision"], rows)}`;
}

function kept(report: Report): string {
  const rows = report.tasks.flatMap((task) =>
    (task.kept ?? []).map(({ attempt, ref, patch, files }) => [
      ...[task.task_id, String(attempt), String(files.length)],
      ...[ref === undefined ? "" : `\`${ref}\``, patch === undefined ? "" : `\`${patch}\``],
    ]),
  );
  if (rows.length === 0) return "";
  return `## Not accepted, and kept\n\n${table(["task", "attempt", "files", "ref", "patch"], rows)}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text from agents and repositories is data: it cannot break out of its cell. */
function cell(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "")
    .replaceAll("|", "\\|")
    .slice(0, 400);
}

function fenced(text: string): string {
  return `~~~~\n${text.replaceAll("~~~~", "~~~").trim()}\n~~~~`;
}
