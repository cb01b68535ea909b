/** Phase 5 — the message of the one commit that holds a whole run: what was asked for, what was done, and every task by its trailer. */
import type { Run } from "../../model/run.ts";
import { GRANTED_TRAILER } from "../../model/scope-request.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";

const SUBJECT_LENGTH = 72;

export function squashMessage(run: Pick<Run, "run_id" | "request">, landed: AcceptedTask[]): string {
  const [first = "", ...more] = run.request.trim().split("\n");
  const subject = first.length <= SUBJECT_LENGTH ? first : `${first.slice(0, SUBJECT_LENGTH - 1)}…`;
  const rest = first === subject ? more.join("\n").trim() : run.request.trim();
  const tasks = landed
    .map(({ task }) => `- ${(task.title ?? task.description).trim().split("\n")[0] ?? task.id}`)
    .join("\n");
  const trailers = [`Forkjoin-Run: ${run.run_id}`, ...landed.flatMap(trailersOf)].join("\n");
  return `${[subject === "" ? `Run ${run.run_id}` : subject, rest, tasks, trailers].filter((part) => part !== "").join("\n\n")}\n`;
}

function trailersOf({ task, granted = [] }: AcceptedTask): string[] {
  return [`Forkjoin-Task: ${task.id}`, ...granted.map((path) => `${GRANTED_TRAILER}: ${path}`)];
}
