/** Phase 5.3 — the proof of no silent loss: every hunk of every accepted task is in the result, or a named decision says why not. */
import type { Integration, MergeStep } from "../model/integration.ts";
import type { Loss } from "../model/report.ts";
import type { RepositoryReader, TreeChange } from "../ports/repository.ts";
import { sameEntry } from "./find-overlap.ts";
import type { AcceptedTask } from "./merge-task.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** Looks at the trees themselves, not at what the merge said it did. Each task is checked where it landed. */
export async function accountForLoss(
  repository: RepositoryReader,
  integration: Integration,
  accepted: AcceptedTask[],
): Promise<Loss> {
  const loss: Loss = { hunks: 0, accounted: 0, dropped: [] };
  for (const [index, step] of integration.steps.entries()) {
    const task = accepted[index];
    if (task === undefined || task.task.id !== step.task_id) continue;
    const hunks = await repository.hunks(task.base, step.source);
    const result = await repository.files(step.commit);
    for (const change of await repository.changes(task.base, step.source)) {
      const count = hunks.get(change.path) ?? 1;
      loss.hunks += count;
      const reason = reasonOf(step, change.path);
      if (reason !== undefined) loss.dropped.push({ task_id: step.task_id, path: change.path, decision: reason });
      if (reason !== undefined || (await isIn(repository, change, result.get(change.path)))) loss.accounted += count;
    }
    loss.dropped.push(...step.dropped.filter((drop) => drop.task_id !== step.task_id));
  }
  return loss;
}

function reasonOf(step: MergeStep, path: string): string | undefined {
  const dropped = step.dropped.find((drop) => drop.path === path && drop.task_id === step.task_id);
  if (dropped !== undefined) return dropped.decision;
  const waiting = step.outcome === "held" || step.conflicts.includes(`${step.task_id}:${path}`);
  return waiting ? "waits for a person's decision" : undefined;
}

/** The task's own version, or a merged one that has every line the task added. A deletion is in when the path is gone. */
async function isIn(repository: RepositoryReader, change: TreeChange, result: TreeChange["after"]): Promise<boolean> {
  if (sameEntry(change.after, result)) return true;
  if (change.after === undefined || result === undefined) return false;
  const [before, theirs, merged] = await Promise.all(
    [change.before, change.after, result].map(async (entry) => lines(repository, entry?.blob)),
  );
  if (theirs === undefined || merged === undefined) return false;
  return [...theirs].every(([line, count]) => (merged.get(line) ?? 0) >= count - (before?.get(line) ?? 0));
}

async function lines(repository: RepositoryReader, blob: string | undefined): Promise<Map<string, number> | undefined> {
  if (blob === undefined) return new Map();
  const content = await repository.text(blob, MAX_BYTES);
  if (!("text" in content)) return undefined;
  const counts = new Map<string, number>();
  for (const line of content.text.split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
