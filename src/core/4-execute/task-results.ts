/** Phase 4.4 — collect results: what each task came to, worked out from its attempts and those of the tasks it needs. */
import { type Attempt, standing } from "../model/attempt.ts";
import type { TaskResult, TaskStatus } from "../model/batch-results.ts";
import type { Enforcement } from "../model/boundary.ts";
import { type DependencyGraph, softNeeds } from "../model/dependency-graph.ts";
import { formatDuration } from "../model/duration.ts";
import { type Failure, failure } from "../model/failure.ts";
import { totalUsage } from "../model/usage.ts";
import { isFinal } from "./retry-rule.ts";

export interface Execution {
  /** in the order of the task list: a record's keys would put `10` before `2a` */
  ids: string[];
  graph: DependencyGraph;
  attempts: Attempt[];
  enforcement: Enforcement;
  /** tasks whose accepted result is not in the combination, and why */
  left_out?: Map<string, Failure>;
}

/**
 * One result per task, in the order of the task list. A task is skipped when one it needs, directly or not, did not succeed; where its code only
 * uses that of another, it runs on the base without it, and its result says so.
 */
export function taskResults(execution: Execution): Map<string, TaskResult> {
  const byTask = grouped(execution.attempts);
  const results = new Map<string, TaskResult>();
  const soft = softNeeds(execution.graph);
  const culprits = lostCauses(execution, byTask, soft);
  for (const id of execution.ids) {
    const attempts = byTask.get(id) ?? [];
    const result = resultOf(id, attempts, { culprit: culprits.get(id), execution });
    const without = attempts.length === 0 ? [] : softOf(id, execution, soft);
    const lacked = without.filter((other) => isLost(other, byTask, culprits));
    const notes = lacked.map(
      (other) => `ran without the work of ${other}, whose code it uses and which did not succeed`,
    );
    results.set(id, notes.length === 0 ? result : { ...result, notes: [...(result.notes ?? []), ...notes] });
  }
  return results;
}

function softOf(id: string, { graph }: Execution, soft: Set<string>): string[] {
  return (graph.tasks[id] ?? []).filter((other) => soft.has(`${other}\n${id}`));
}

/** It failed, or never started because of one that failed. */
function isLost(id: string, byTask: Map<string, Attempt[]>, culprits: Map<string, string>): boolean {
  const own = baseStatus(byTask.get(id) ?? []);
  return own === "failed" || (own === "pending" && culprits.has(id));
}

function grouped(attempts: Attempt[]): Map<string, Attempt[]> {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) groups.set(attempt.task_id, [...(groups.get(attempt.task_id) ?? []), attempt]);
  return groups;
}

/** task id → the failed task that keeps it from running. */
function lostCauses(
  { graph, ids, left_out }: Execution,
  byTask: Map<string, Attempt[]>,
  soft: Set<string>,
): Map<string, string> {
  const failed = ids.filter((id) => left_out?.has(id) || baseStatus(byTask.get(id) ?? []) === "failed");
  const waiting = new Map<string, string[]>();
  for (const [id, needs] of Object.entries(graph.tasks)) {
    for (const needed of needs.filter((one) => !soft.has(`${one}\n${id}`))) {
      waiting.set(needed, [...(waiting.get(needed) ?? []), id]);
    }
  }
  const causes = new Map<string, string>();
  for (const culprit of failed) {
    const pending = [...(waiting.get(culprit) ?? [])];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (causes.has(id)) continue;
      causes.set(id, culprit);
      pending.push(...(waiting.get(id) ?? []));
    }
  }
  return causes;
}

/** An accepted result stays one: later attempts were made because the combination failed with it. */
function baseStatus(tried: Attempt[]): TaskStatus {
  const attempts = standing(tried);
  const last = attempts.at(-1);
  if (attempts.some((attempt) => attempt.state === "accepted")) return "success";
  if (last === undefined || last.state === "lost") return "pending";
  if (last.state === "running") return "running";
  return isFinal(attempts) ? "failed" : "pending";
}

function resultOf(
  id: string,
  attempts: Attempt[],
  { culprit, execution }: { culprit: string | undefined; execution: Execution },
): TaskResult {
  const out = execution.left_out?.get(id);
  const own = out === undefined ? baseStatus(attempts) : out.code === "dependency_failed" ? "skipped" : "failed";
  const skipped = own === "pending" && culprit !== undefined;
  const last = attempts.findLast((attempt) => attempt.state === "accepted") ?? standing(attempts).at(-1);
  const usage = totalUsage(attempts.map((attempt) => attempt.usage));
  const ms = last?.finished_at === undefined ? undefined : last.finished_at - last.started_at;
  return {
    task_id: id,
    status: skipped ? "skipped" : own,
    attempts: attempts.length,
    boundary: last?.boundary ?? execution.enforcement,
    ...(last?.change === undefined ? {} : { result: last.change }),
    error: out ?? (skipped ? dependencyFailed(culprit) : own === "success" ? null : (last?.error ?? null)),
    ...(own === "failed" && last !== undefined ? { log: last.log_file } : {}),
    ...(ms === undefined ? {} : { duration: formatDuration(ms), duration_ms: ms }),
    ...keptOf(attempts),
    ...notesOf(attempts),
    ...refusedOf(last),
    ...(usage === undefined ? {} : { usage }),
  };
}

function notesOf(attempts: Attempt[]): Pick<TaskResult, "notes"> {
  const notes = [...new Set(attempts.flatMap((attempt) => attempt.notes ?? []))];
  return notes.length === 0 ? {} : { notes };
}

/** Of the attempt that counts: what an earlier one tried is told to the next. */
function refusedOf(attempt: Attempt | undefined): Pick<TaskResult, "refused_writes"> {
  return attempt?.refused_writes === undefined ? {} : { refused_writes: attempt.refused_writes };
}

function keptOf(attempts: Attempt[]): Pick<TaskResult, "kept"> {
  const kept = attempts.flatMap(({ attempt, kept: found }) => {
    if (found === undefined) return [];
    const { ref, patch, files } = found;
    return [{ attempt, ...(ref === undefined ? {} : { ref }), ...(patch === undefined ? {} : { patch }), files }];
  });
  return kept.length === 0 ? {} : { kept };
}

function dependencyFailed(culprit: string): Failure {
  return failure(
    "dependency_failed",
    `needs ${culprit}, which failed`,
    `get ${culprit} done, then run this task again`,
  );
}
