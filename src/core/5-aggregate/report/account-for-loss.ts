/** Phase 5.3 — the proof of no silent loss: every hunk of every accepted task is in the result, or a named decision says why not. */
import type { Integration, MergeStep } from "../../model/integration.ts";
import type { MergeMethod } from "../../model/merge-method.ts";
import type { Loss } from "../../model/report.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";
import { leftOut, whySetAside } from "../merge/set-aside.ts";
import { isInResult } from "./is-in-result.ts";

/** Looks at the trees themselves, not at what the merge said it did. Each task is checked where it landed. */
export async function accountForLoss(
  repository: RepositoryReader,
  integration: Integration,
  accepted: AcceptedTask[],
): Promise<Loss> {
  const loss: Loss = { hunks: 0, accounted: 0, dropped: [] };
  const byId = new Map(accepted.map((task) => [task.task.id, task]));
  for (const step of integration.steps) {
    const task = byId.get(step.task_id);
    if (task === undefined) continue;
    const hunks = await repository.hunks(task.base, step.source);
    const changes = await repository.changes(task.base, step.source);
    const landed = { base: task.base, changes, commit: step.commit, files: await repository.files(step.commit) };
    for (const change of changes) {
      const count = hunks.get(change.path) ?? 1;
      loss.hunks += count;
      const reason = reasonOf(step, change.path);
      if (reason !== undefined) loss.dropped.push({ task_id: step.task_id, path: change.path, decision: reason });
      const known = reason !== undefined || isPutTogether(step, change.path);
      if (known || (await isInResult(repository, change, landed))) loss.accounted += count;
    }
    loss.dropped.push(...step.dropped.filter((drop) => drop.task_id !== step.task_id));
    loss.dropped.push(...lowerVersions(step, integration.steps, byId));
  }
  for (const entry of leftOut(accepted, integration.set_aside).values()) {
    const task = byId.get(entry.task_id);
    const hunks = task === undefined ? new Map<string, number>() : await repository.hunks(task.base, task.source);
    for (const [path, count] of hunks) {
      loss.hunks += count;
      loss.accounted += count;
      loss.dropped.push({ task_id: entry.task_id, path, decision: `set aside: ${whySetAside(entry)}` });
    }
  }
  return loss;
}

/** Versions that a higher one took the place of, with whose they were. */
function lowerVersions(step: MergeStep, steps: MergeStep[], byId: Map<string, AcceptedTask>): Loss["dropped"] {
  return step.merged.flatMap(({ path, lower = [] }) =>
    lower.map(({ side, text, by }) => {
      const before = steps
        .slice(0, steps.indexOf(step))
        .findLast(({ task_id }) => byId.get(task_id)?.files.includes(path));
      const task_id = side === "theirs" ? step.task_id : (before?.task_id ?? step.task_id);
      return { task_id, path, decision: `versions: ${text.trim()} gave way to ${by.trim()}` };
    }),
  );
}

/** Steps that put a file together anew, in which no line need be as it was: they check their own result. */
const ANEW: readonly MergeMethod[] = ["lock_file", "keys", "imports", "versions", "tokens"];

function isPutTogether(step: MergeStep, path: string): boolean {
  return step.merged.find((found) => found.path === path)?.by.some((method) => ANEW.includes(method)) === true;
}

function reasonOf(step: MergeStep, path: string): string | undefined {
  const dropped = step.dropped.find((drop) => drop.path === path && drop.task_id === step.task_id);
  if (dropped !== undefined) return dropped.decision;
  const waiting = step.outcome === "held" || step.conflicts.includes(`${step.task_id}:${path}`);
  return waiting ? "waits for a person's decision" : undefined;
}
