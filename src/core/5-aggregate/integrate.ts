/** Phase 5.1 — the merge lane: accepted results in plan order, one commit each; run at every sync point, idempotent. */
import type { Attempt } from "../model/attempt.ts";
import type { Decision, Strategy } from "../model/conflict.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Integration, SetAside } from "../model/integration.ts";
import type { Run } from "../model/run.ts";
import type { TaskList } from "../model/task-list.ts";
import type { MergePorts } from "./merge-ports.ts";
import { type AcceptedTask, type MergeResult, mergeTask } from "./merge-task.ts";
import { withoutSetAside } from "./set-aside.ts";

export interface IntegrateRequest {
  run: Run;
  list: TaskList;
  plan: ExecutionPlan;
  attempts: Attempt[];
  decisions: Decision[];
  strategy: Strategy;
  previous: Integration | undefined;
  /** results that stay out of the combination */
  set_aside: SetAside[];
  /** merges that were made before, by tip and source: for those who try many combinations */
  memory?: Map<string, MergeResult>;
}

/**
 * Merges what is accepted and not merged yet. Steps of `previous` are kept as far as they are still the same; the same
 * input always gives the same commits.
 */
export async function integrate(request: IntegrateRequest, ports: MergePorts): Promise<Integration> {
  const accepted = withoutSetAside(inMergeOrder(request), request.set_aside);
  const kept = keptSteps(request, accepted);
  const base = request.run.base_commit;
  const lane = { run: request.run, strategy: request.strategy, decisions: request.decisions, ...ports };
  const { strategy, set_aside } = request;
  const integration: Integration = { strategy, base, ...kept, set_aside };
  for (const [index, task] of accepted.entries()) {
    if (index < kept.steps.length) continue;
    const earlier = accepted.slice(0, index);
    const name = `${integration.tip} ${task.source}`;
    const merged = request.memory?.get(name) ?? (await mergeTask({ ...lane, earlier }, task, integration.tip));
    request.memory?.set(name, merged);
    const { step, conflicts } = merged;
    integration.steps.push(step);
    integration.conflicts.push(...conflicts);
    integration.tip = step.commit;
  }
  return integration;
}

/** All accepted results, also those set aside, by (batch, place in the task list): never by finishing time. */
export function inMergeOrder({
  list,
  plan,
  attempts,
}: Pick<IntegrateRequest, "list" | "plan" | "attempts">): AcceptedTask[] {
  const accepted = new Map(
    attempts.filter((attempt) => attempt.state === "accepted").map((attempt) => [attempt.task_id, attempt]),
  );
  return plan.batches.flatMap((batch) =>
    list.tasks
      .filter((task) => batch.tasks.includes(task.id))
      .flatMap((task) => {
        const attempt = accepted.get(task.id);
        const { commit: source, files = [], insertions = 0, deletions = 0 } = attempt?.change ?? {};
        if (attempt === undefined || source === undefined) return [];
        const at = attempt.finished_at ?? attempt.started_at;
        return [{ task, base: attempt.base, source, at, files, lines: insertions + deletions }];
      }),
  );
}

/** Steps stay as long as strategy, order and sources are the same and nothing in them waited for a decision that is there now. */
function keptSteps(
  request: IntegrateRequest,
  accepted: AcceptedTask[],
): Pick<Integration, "tip" | "steps" | "conflicts"> {
  const { previous, strategy, run } = request;
  const nothing = { tip: run.base_commit, steps: [], conflicts: [] };
  if (previous === undefined || previous.strategy !== strategy) return nothing;
  const decided = new Set(request.decisions.map((decision) => decision.conflict_id));
  const same = previous.steps.findIndex(
    (step, index) => step.source !== accepted[index]?.source || step.conflicts.some((id) => decided.has(id)),
  );
  const steps = same === -1 ? previous.steps : previous.steps.slice(0, same);
  const open = new Set(steps.flatMap((step) => step.conflicts));
  return {
    tip: steps.at(-1)?.commit ?? run.base_commit,
    steps: [...steps],
    conflicts: previous.conflicts.filter((conflict) => open.has(conflict.conflict_id)),
  };
}
