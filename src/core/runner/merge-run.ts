/** The merge of a run's accepted results: what goes in, the ref that protects it, and what its observers are told. */

import { CheckJudge } from "../5-aggregate/judge/check-judge.ts";
import type { Judge } from "../5-aggregate/judge/judge.ts";
import { type IntegrateRequest, inMergeOrder, integrate } from "../5-aggregate/merge/integrate.ts";
import type { MergePorts } from "../5-aggregate/merge-ports.ts";
import { TestedStates } from "../5-aggregate/validate/tested-states.ts";
import type { Attempt } from "../model/attempt.ts";
import type { Event } from "../model/event.ts";
import type { Integration, SetAside } from "../model/integration.ts";
import { RunStopped } from "../model/run-stopped.ts";
import type { Repository } from "../ports/repository.ts";
import { currentResults } from "../run/current-results.ts";
import { openConflicts } from "../run/open-questions.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { rolledBackTasks } from "../run/standing-workflow.ts";

/** What people decided since the last sync point, merged first: what is to start starts from there. Results that are to be made again are out. */
export async function applyDecisions(context: OwnedRun, signal: AbortSignal): Promise<void> {
  const { session, ports } = context;
  const previous = ports.store.artefact(session.run.run_id, "integration");
  if (previous === undefined) return;
  const accepted = new Set(inMergeOrder(integrateRequest(context, previous.strategy)).map(({ source }) => source));
  const isSame = openConflicts(session.run.run_id, ports).length === previous.conflicts.length;
  if (isSame && previous.steps.every(({ source }) => accepted.has(source))) return;
  const integration = await integrateRun(context, previous.strategy, { judge: judgeOf(context, signal) });
  if (signal.aborted) return;
  session.record({ artefacts: { integration }, events: mergeEvents(previous, integration) });
}

/** Merges all accepted results with `strategy` and protects the tip by a ref; storing it is the caller's. */
export async function integrateRun(
  context: OwnedRun,
  strategy: Integration["strategy"],
  { judge, start }: { judge: Judge; start?: string | undefined },
): Promise<Integration> {
  const { run, repository } = context.session;
  const integration = await integrate(integrateRequest(context, strategy, start), mergePorts(context, judge));
  await holdTip(run.run_id, integration.tip, repository);
  return integration;
}

/** By compare-and-swap: whoever else moves the run's ref at the same moment is noticed, and nothing is overwritten. */
export async function holdTip(runId: string, tip: string, repository: Repository): Promise<void> {
  const ref = `refs/forkjoin/${runId}/integration`;
  const present = await repository.readRef(ref);
  if (present === tip) return;
  const moved = await repository.moveRef(ref, tip, present);
  if (!moved.ok) throw new RunStopped(moved.error);
}

/** Ports of merging, from the run's repository and the machine. */
export function mergePorts({ session, ports }: OwnedRun, judge?: Judge): MergePorts {
  const { structuredText, mergeProgram } = ports;
  const own = { repository: session.repository, ...session.code, structuredText, mergeProgram };
  return judge === undefined ? own : { ...own, judge };
}

/** States of the run as its checks know them; what they say is on record before it is acted on. */
export function testedStates({ session, ports }: OwnedRun, signal: AbortSignal): TestedStates {
  const { run, repository } = session;
  const verdicts = ports.store.artefact(run.run_id, "verdicts") ?? [];
  return new TestedStates({ run, repository, ports: { ...ports, ...session }, verdicts, signal });
}

/**
 * The judge of conflicts by the run's checks. A merge that was made while `signal` was aborted is not to be put on record: its
 * conflicts may be none.
 */
export function judgeOf(
  context: OwnedRun,
  signal: AbortSignal,
  { states = testedStates(context, signal), validate }: { states?: TestedStates; validate?: string[] } = {},
): Judge {
  const { run, repository } = context.session;
  const { clock } = context.ports;
  return new CheckJudge({ run, repository, clock, states, validate: validate ?? run.settings.validate });
}

export function integrateRequest(
  context: OwnedRun,
  strategy: Integration["strategy"],
  start?: string,
): IntegrateRequest {
  const { session, ports, list, plan } = context;
  const { run } = session;
  const previous = ports.store.artefact(run.run_id, "integration");
  const set_aside = previous?.set_aside ?? [];
  return {
    run,
    list,
    plan,
    strategy,
    ...(start === undefined ? {} : { start }),
    attempts: landingAttempts(context, set_aside),
    decisions: ports.store.decisions(run.run_id),
    remembered: ports.store.pastDecisions(run.run_id),
    previous,
    set_aside,
    landed: previous?.landed ?? [],
  };
}

/** Attempts whose changes may be in the result: nothing of an instance that was rolled back. Culprits have their own record. */
function landingAttempts(context: OwnedRun, culprits: SetAside[]): Attempt[] {
  const attempts = context.ports.store.attempts(context.session.run.run_id);
  const out = rolledBackTasks(context, currentResults(context));
  for (const { task_id } of culprits) out.delete(task_id);
  return out.size === 0 ? attempts : attempts.filter(({ task_id }) => !out.has(task_id));
}

export function mergeEvents(previous: Integration | undefined, integration: Integration): Event[] {
  const known = new Set(previous?.steps.map((step) => `${step.task_id} ${step.commit} ${step.outcome}`));
  const open = new Set(previous?.conflicts.map((conflict) => conflict.conflict_id));
  const merged = integration.steps
    .filter((step) => !known.has(`${step.task_id} ${step.commit} ${step.outcome}`))
    .map(({ task_id, commit, outcome }): Event => ({ type: "task_merged", task_id, commit, outcome }));
  const found = integration.conflicts
    .filter((conflict) => !open.has(conflict.conflict_id))
    .map(({ conflict_id, tasks, path }): Event => ({ type: "conflict_found", conflict_id, tasks, path }));
  return [...merged, ...found];
}
