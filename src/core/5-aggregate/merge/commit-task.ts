/** Phase 5.1 — one commit per task, with trailers that say which task of which run it is. */
import type { Run } from "../../model/run.ts";
import { GRANTED_TRAILER } from "../../model/scope-request.ts";
import type { Task } from "../../model/task.ts";
import type { Repository } from "../../ports/repository.ts";

const SUBJECT_LENGTH = 72;

/** The tip itself when the task changes nothing there. */
export async function commitTask(
  repository: Repository,
  { run, task, at, granted = [] }: { run: Run; task: Task; at: number; granted?: string[] },
  { tip, tree }: { tip: string; tree: string },
): Promise<string> {
  if (tree === (await repository.treeOf(tip))) return tip;
  return repository.commit({ tree, parent: tip, message: messageOf(run, task, granted), at });
}

/** A subject of at most 72 characters; a description that does not fit stands whole in the body. */
function messageOf(run: Run, task: Task, granted: string[]): string {
  const description = task.description.trim();
  const subject = shortened((task.title ?? description).split("\n")[0] ?? task.id);
  const body = subject === description ? "" : description;
  const closes = (task.closes ?? []).map((issue) => `Closes #${issue}\n`).join("");
  const grants = granted.map((path) => `${GRANTED_TRAILER}: ${path}\n`).join("");
  const trailers = `${closes}Forkjoin-Run: ${run.run_id}\nForkjoin-Task: ${task.id}\n${grants}`;
  return [subject, body, trailers].filter((part) => part !== "").join("\n\n");
}

function shortened(line: string): string {
  const sentence = line.split(/(?<=[.!?])\s/)[0] ?? line;
  if (sentence.length <= SUBJECT_LENGTH) return sentence;
  const words = sentence.slice(0, SUBJECT_LENGTH).split(" ").slice(0, -1).join(" ");
  return `${words === "" ? sentence.slice(0, SUBJECT_LENGTH - 1) : words} …`;
}
