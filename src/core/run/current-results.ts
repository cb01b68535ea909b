/** Results of all tasks so far, worked out from the store whenever they are asked for. */
import { withScopes } from "../4-execute/scope-results.ts";
import { taskResults } from "../4-execute/task-results.ts";
import { inMergeOrder } from "../5-aggregate/merge/integrate.ts";
import { leftOut, leftOutFailure } from "../5-aggregate/merge/set-aside.ts";
import type { TaskResult } from "../model/batch-results.ts";
import type { Failure } from "../model/failure.ts";
import type { PlannedRun } from "./planned-run.ts";
import { withStops } from "./standing-workflow.ts";

export function currentResults({ session, ports, list, graph, plan }: PlannedRun): Map<string, TaskResult> {
  const attempts = ports.store.attempts(session.run.run_id);
  const ids = list.tasks.map((task) => task.id);
  const aside = ports.store.artefact(session.run.run_id, "integration")?.set_aside ?? [];
  const out = leftOut(inMergeOrder({ list, plan, attempts }), aside);
  const left_out = new Map([...out].map(([id, entry]) => [id, leftOutFailure(entry)]));
  const held = ports.executor.enforcement(session.run.settings.sandbox);
  const enforcement = held.ok ? held.value : "verified";
  const requests = ports.store.scopeRequests(session.run.run_id);
  const results = withScopes(taskResults({ ids, graph, attempts, enforcement, left_out }), requests);
  return withBudget(withStops({ session, ports, list }, results), ports.store.run(session.run.run_id)?.budget_spent);
}

/** Once a budget is spent, or the disk is full, nothing starts any more: what has not begun is skipped for that reason. */
function withBudget(results: Map<string, TaskResult>, spent: Failure | undefined): Map<string, TaskResult> {
  if (spent === undefined) return results;
  return new Map(
    [...results].map(([id, result]) =>
      result.status === "pending" ? [id, { ...result, status: "skipped", error: spent }] : [id, result],
    ),
  );
}
