/** What an agent is told: its task, its boundary, what it must pass, and why the last attempt was not accepted. Same input, same text. */
import type { Attempt } from "../model/attempt.ts";
import { mayWrite } from "../model/boundary.ts";
import type { TaskContext } from "./execute-ports.ts";

const MAX_BRIEF = 64_000;

export function brief({ task, run, knowledge }: TaskContext, previous: Attempt | undefined): string {
  const parts = [
    `# Task ${task.id}\n\n${task.description}`,
    `## Boundary\n\nTASK_BOUNDARY: ${task.id}\nACCESS: ${task.access}\nSCOPE:\n${bullets(task.files)}\n\n${rule(task.access)}`,
    section("## Read first", knowledge),
    section("## Checks that must pass", task.checks),
    retry(previous),
    `## How to finish\n\nWork in the current directory, a disposable clone of the repository. Commits are not needed. End with exit code 0 when the task is done.`,
    `Part of run ${run.run_id}.`,
  ];
  return `${parts
    .filter((part) => part !== "")
    .join("\n\n")
    .slice(0, MAX_BRIEF)}\n`;
}

function rule(access: TaskContext["task"]["access"]): string {
  if (!mayWrite(access)) return "Change no file: every change will be refused.";
  return "Change nothing outside SCOPE: a single change elsewhere means that nothing of this attempt is accepted.";
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? "" : `${title}\n\n${bullets(lines)}`;
}

function bullets(lines: string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

function retry(previous: Attempt | undefined): string {
  if (previous?.error === undefined) return "";
  const violations = previous.violations ?? [];
  const paths = violations.slice(0, 50).map(({ path, rule: broken, fix }) => `${path}: ${broken}. Cure: ${fix}.`);
  const why = `## Attempt ${previous.attempt} was not accepted\n\n${previous.error.code}: ${previous.error.message}`;
  const denied = (previous.denied ?? []).map((what) => `refused while it worked: ${what}`);
  return [
    why,
    paths.length + denied.length > 0 ? bullets([...paths, ...denied]) : "",
    `Hint: ${previous.error.hint}. You start from a clean workspace.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
