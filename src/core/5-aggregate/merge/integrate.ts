/** Phase 5.1 — the merge sequence: accepted results in plan order, one commit each; run at every sync point, idempotent. */
import type { Attempt } from "../../model/attempt.ts";
import type { Decision, Strategy } from "../../model/conflict.ts";
import type { ExecutionPlan } from "../../model/execution-plan.ts";
import type { Integration, MergeStep, SetAside } from "../../model/integration.ts";
import { mergeOrder } from "../../model/merge-order.ts";
import type { Run } from "../../model/run.ts";
import type { TaskList } from "../../model/task-list.ts";
import type { MergePorts } from "../merge-ports.ts";
import type { AcceptedTask } from "./accepted-task.ts";
import type { MergedTask } from "./beside.ts";
import { type MergeResult, mergeTask } from "./merge-task.ts";
import { withoutSetAside } from "./set-aside.ts";
import { stillOpen } from "./still-open.ts";

export interface IntegrateRequest {
  run: Run;
  /** the commit the results are put on; the run's base when absent */
  start?: string;
  list: TaskList;
  plan: ExecutionPlan;
  attempts: Attempt[];
  decisions: Decision[];
  /** answers of earlier runs to conflicts in this repository */
  remembered: Decision[];
  strategy: Strategy;
  previous: Integration | undefined;
  /** results that stay out of the combination */
  set_aside: SetAside[];
  /** tasks that come first, whatever the plan says, in this order */
  landed: string[];
  /** merges that were made before, by tip and source: for those who try many combinations */
  memory?: Map<string, MergeResult>;
}

/**
 * Merges what is accepted and not merged yet. Steps of `previous` are kept as far as they are still the same; the same
 * input always gives the same commits.
 */
export async function integrate(request: IntegrateRequest, ports: MergePorts): Promise<Integration> {
  return ports.repository.together(() => runSequence(request, ports));
}

/** The sequence, made anew without what lost in the end while others had lost to it: of tasks side by side, whoever has no rival left is in. */
async function runSequence(request: IntegrateRequest, ports: MergePorts): Promise<Integration> {
  const accepted = landedFirst(withoutSetAside(inMergeOrder(request), request.set_aside), request.landed);
  const start = startCommit(request);
  const sideBySide = request.strategy === "last_wins" && accepted.every(({ base }) => base === start);
  const losers: Losers = new Map();
  for (;;) {
    const integration = await sequenceOf({ request, accepted, losers }, ports);
    const [loser, winner] = (sideBySide ? lastLoserWithVictims(integration) : undefined) ?? [];
    if (loser === undefined || winner === undefined) return integration;
    losers.set(loser, winner);
  }
}

/** task id → the later task that replaces it */
type Losers = Map<string, string>;

function lastLoserWithVictims({ steps }: Integration): [loser: string, winner: string] | undefined {
  const winners = new Map(steps.flatMap(({ task_id, replaced }) => replaced.map((id) => [id, task_id] as const)));
  const found = steps.findLast(({ task_id, replaced }) => replaced.length > 0 && winners.has(task_id));
  return found && [found.task_id, winners.get(found.task_id) ?? ""];
}

interface Sequence {
  request: IntegrateRequest;
  accepted: AcceptedTask[];
  losers: Losers;
}

async function sequenceOf({ request, accepted, losers }: Sequence, ports: MergePorts): Promise<Integration> {
  const base = startCommit(request);
  const kept = losers.size === 0 ? keptSteps(request, accepted) : { tip: base, steps: [], conflicts: [] };
  const { run, strategy, decisions, remembered, set_aside, landed } = request;
  const sequence = { run, strategy, decisions, remembered, ...ports };
  const integration: Integration = { strategy, base, ...kept, set_aside, landed };
  for (const [index, task] of accepted.entries()) {
    if (index < kept.steps.length) continue;
    const before = mergedTasks(accepted, integration);
    const name = `${integration.tip} ${task.source}`;
    const winner = losers.get(task.task.id);
    if (winner !== undefined) {
      integration.steps.push(await lostStep(task, { winner, tip: integration.tip }, ports));
      continue;
    }
    const result =
      request.memory?.get(name) ?? (await mergeTask({ ...sequence, merged: before }, task, integration.tip));
    request.memory?.set(name, result);
    const { step, conflicts } = result;
    integration.steps.push(step);
    integration.conflicts.push(...conflicts);
    integration.tip = step.commit;
  }
  return integration;
}

/** A step of a task that a later one replaces, before that one has come. */
async function lostStep(
  { task, source, base }: AcceptedTask,
  { winner, tip }: { winner: string; tip: string },
  { repository }: MergePorts,
): Promise<MergeStep> {
  const task_id = task.id;
  const decision = `last_wins: the later task ${winner} replaces it`;
  const dropped = (await repository.changes(base, source)).map(({ path }) => ({ task_id, path, decision }));
  const nothing = { settled: 0, merged: [], conflicts: [], replaced: [] };
  return { task_id, source, outcome: "dropped", commit: tip, dropped, ...nothing };
}

function landedFirst(accepted: AcceptedTask[], landed: string[]): AcceptedTask[] {
  const first = landed.flatMap((id) => accepted.find(({ task }) => task.id === id) ?? []);
  return [...first, ...accepted.filter(({ task }) => !landed.includes(task.id))];
}

function mergedTasks(accepted: AcceptedTask[], { steps }: Integration): MergedTask[] {
  return steps.flatMap((step, index) => {
    const task = accepted[index];
    return task === undefined ? [] : [{ accepted: task, step }];
  });
}

/** All accepted results, also those set aside, in the plan's order: never by finishing time. */
export function inMergeOrder({
  list,
  plan,
  attempts,
}: Pick<IntegrateRequest, "list" | "plan" | "attempts">): AcceptedTask[] {
  const accepted = new Map(
    attempts.filter((attempt) => attempt.state === "accepted").map((attempt) => [attempt.task_id, attempt]),
  );
  return mergeOrder(plan, list).flatMap((task) => {
    const attempt = accepted.get(task.id);
    const { commit: source, files = [], insertions = 0, deletions = 0 } = attempt?.change ?? {};
    if (attempt === undefined || source === undefined) return [];
    const at = attempt.finished_at ?? attempt.started_at;
    const { base, granted } = attempt;
    const lines = insertions + deletions;
    return [{ task, base, source, at, files, lines, ...(granted === undefined ? {} : { granted }) }];
  });
}

function startCommit({ start, run }: IntegrateRequest): string {
  return start ?? run.base_commit;
}

/** Steps stay as long as strategy, order and sources are the same and nothing in them waited for a decision that is there now. */
function keptSteps(
  request: IntegrateRequest,
  accepted: AcceptedTask[],
): Pick<Integration, "tip" | "steps" | "conflicts"> {
  const { previous, strategy } = request;
  const start = startCommit(request);
  const nothing = { tip: start, steps: [], conflicts: [] };
  if (previous === undefined || previous.strategy !== strategy || previous.base !== start) return nothing;
  if (strategy === "last_wins" && previous.steps.some(({ outcome }) => outcome === "dropped")) return nothing;
  const waiting = new Set(stillOpen(previous.conflicts, request.decisions).map(({ conflict_id }) => conflict_id));
  const same = previous.steps.findIndex(
    (step, index) => step.source !== accepted[index]?.source || step.conflicts.some((id) => !waiting.has(id)),
  );
  const steps = same === -1 ? previous.steps : previous.steps.slice(0, same);
  const open = new Set(steps.flatMap((step) => step.conflicts));
  return {
    tip: steps.at(-1)?.commit ?? start,
    steps: [...steps],
    conflicts: previous.conflicts.filter((conflict) => open.has(conflict.conflict_id)),
  };
}
