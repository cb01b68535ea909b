/** Phase 5.2 — the tasks that were merged beside a task, not before it: their changes are in the tip and not in its base. */
import type { MergeStep } from "../../model/integration.ts";
import type { Repository, TreeChange } from "../../ports/repository.ts";
import type { AcceptedTask } from "./accepted-task.ts";

export interface MergedTask {
  accepted: AcceptedTask;
  step: MergeStep;
}

/** In merge order; tasks that a strategy took out again are no longer there. */
export function tasksBeside(base: string, merged: MergedTask[]): MergedTask[] {
  const gone = new Set(merged.flatMap(({ step }) => step.replaced));
  const from = merged.findLastIndex(({ step }) => step.commit === base) + 1;
  const isOut = ({ outcome }: MergeStep): boolean => outcome === "held" || outcome === "dropped";
  return merged.slice(from).filter(({ step }) => !gone.has(step.task_id) && !isOut(step));
}

/** Changes of the given tasks at `path`, or those that need a file where `path` needs a folder, or a folder where it needs a file. */
export async function touching(
  repository: Repository,
  beside: MergedTask[],
  path: string,
): Promise<{ task_id: string; path: string }[]> {
  const found: { task_id: string; path: string }[] = [];
  for (const { accepted } of beside.filter((one) => one.accepted.files.some((file) => isNear(file, path)))) {
    for (const change of await repository.changes(accepted.base, accepted.source)) {
      if (touches(change, path)) found.push({ task_id: accepted.task.id, path: change.path });
    }
  }
  return found;
}

function touches(change: TreeChange, path: string): boolean {
  return change.path === path || (isNear(change.path, path) && change.after !== undefined);
}

function isNear(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`) || path.startsWith(`${file}/`);
}
