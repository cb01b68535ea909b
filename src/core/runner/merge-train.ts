/** Phase 5.3 over a whole run: merge, test, take out what breaks the combination, let it be repaired, until what is left passes. */
import { worksInClient } from "../4-execute/attempt-context.ts";
import { mayRepair, type Repair, runRepairs } from "../4-execute/run-repairs.ts";
import type { Judge } from "../5-aggregate/judge/judge.ts";
import { inMergeOrder, integrate } from "../5-aggregate/merge/integrate.ts";
import type { MergeResult } from "../5-aggregate/merge/merge-task.ts";
import { leftOut } from "../5-aggregate/merge/set-aside.ts";
import { findCompany } from "../5-aggregate/validate/find-company.ts";
import type { CheckRun } from "../5-aggregate/validate/run-checks.ts";
import { type CulpritSearch, searchCulprits } from "../5-aggregate/validate/search-culprits.ts";
import { testWhole, type WholeTest } from "../5-aggregate/validate/test-whole.ts";
import type { TestedStates } from "../5-aggregate/validate/tested-states.ts";
import { validationOf } from "../5-aggregate/validate/validation.ts";
import type { Strategy } from "../model/conflict.ts";
import { type Failure, failure } from "../model/failure.ts";
import type { Integration, SetAside } from "../model/integration.ts";
import { ownValue } from "../model/own-value.ts";
import type { Validation } from "../model/report.ts";
import { err, ok, type Result } from "../model/result.ts";
import { takeUpAmendments } from "../planning/amend-run.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { executePortsOf } from "./execute-ports-of.ts";
import { integrateRequest, integrateRun, judgeOf, mergeEvents, mergePorts, testedStates } from "./merge-run.ts";

export interface TrainOptions {
  strategy: Strategy;
  /** names of the checks for the combined state */
  validate: string[];
  /** the commit the results are put on; the run's base when absent */
  start?: string;
}

export interface TrainResult {
  integration: Integration;
  validation: Validation;
}

interface Train {
  /** with the scopes that repairs were granted */
  context: OwnedRun;
  options: TrainOptions;
  checks: CheckRun[];
  states: TestedStates;
  judge: Judge;
  signal: AbortSignal;
}

/**
 * The largest combination found that passes: every result that is not in it is set aside with its reason. Whatever was found is on
 * record before it is acted on, so that a killed process finds the same again without testing any state twice.
 */
export async function runMergeTrain(
  context: OwnedRun,
  options: TrainOptions,
  signal: AbortSignal,
): Promise<Result<TrainResult>> {
  const train = openTrain(context, options, signal);
  for (;;) {
    const integration = await merge(train);
    const tested = await testWhole(train, integration);
    if (tested === undefined) return err(train.states.problem ?? CANCELLED);
    const step = await nextStep(train, integration, tested);
    if (step.kind === "again") continue;
    if (step.kind === "stopped") return err(step.error);
    const accepted = inMergeOrder(integrateRequest(train.context, options.strategy));
    const { states } = train;
    const validation = validationOf({ integration, accepted, tested, states, finding: step.finding });
    return ok({ integration, validation });
  }
}

type Step =
  | { kind: "again" }
  | { kind: "stopped"; error: Failure }
  | { kind: "done"; finding: Exclude<CulpritSearch, { kind: "set_aside" | "flaky" | "stopped" }> | undefined };

async function nextStep(train: Train, integration: Integration, tested: WholeTest): Promise<Step> {
  if (tested.failed.length === 0) {
    if (await returnCompany(train, integration)) return { kind: "again" };
    if (await repair(train, integration)) return { kind: "again" };
    return train.signal.aborted ? { kind: "stopped", error: CANCELLED } : { kind: "done", finding: undefined };
  }
  const finding = await search(train, integration, tested);
  switch (finding.kind) {
    case "stopped":
      return { kind: "stopped", error: train.states.problem ?? CANCELLED };
    case "set_aside":
      setAside(train, integration, finding.entries);
      return { kind: "again" };
    case "flaky":
      return { kind: "again" };
    default:
      return { kind: "done", finding };
  }
}

function openTrain(context: OwnedRun, options: TrainOptions, signal: AbortSignal): Train {
  const { run } = context.session;
  const checks = options.validate.flatMap((name): CheckRun[] => {
    const check = ownValue(run.settings.checks, name);
    return check === undefined ? [] : [{ name, command: check.command }];
  });
  const states = testedStates(context, signal);
  const judge = judgeOf(context, signal, { states, validate: options.validate });
  return { context, options, checks, states, judge, signal };
}

/** Merges what is in and puts it on record; a result set aside for a check that is no longer asked for is in again. */
async function merge({ context, options, judge, signal }: Train): Promise<Integration> {
  const { session, ports } = context;
  const previous = ports.store.artefact(session.run.run_id, "integration");
  const asked = (entry: SetAside): boolean => entry.check.split(", ").some((name) => options.validate.includes(name));
  if (previous !== undefined && !previous.set_aside.every(asked)) {
    session.record({ artefacts: { integration: { ...previous, set_aside: previous.set_aside.filter(asked) } } });
  }
  const integration = await integrateRun(context, options.strategy, { judge, start: options.start });
  if (!signal.aborted) session.record({ artefacts: { integration }, events: mergeEvents(previous, integration) });
  return integration;
}

async function search(train: Train, integration: Integration, tested: WholeTest): Promise<CulpritSearch> {
  const { context, options, states } = train;
  const { session, graph } = context;
  const { culprit_search } = session.run.settings;
  const request = integrateRequest(context, options.strategy, options.start);
  const merged = new Set(integration.steps.filter(isIn).map((step) => step.task_id));
  const tasks = inMergeOrder(request).filter(({ task }) => merged.has(task.id));
  const memory = new Map<string, MergeResult>();
  return searchCulprits({
    repository: session.repository,
    graph,
    base: integration.base,
    whole: { commit: integration.tip, sources: integration.steps.map((step) => step.source) },
    tasks,
    returned: new Set(integration.set_aside.map((entry) => entry.task_id)),
    states,
    checks: tested.failed,
    async combine(ids) {
      const attempts = request.attempts.filter((attempt) => ids.has(attempt.task_id));
      return (await integrate({ ...request, attempts, previous: undefined, memory }, mergePorts(context, train.judge)))
        .tip;
    },
    limits: {
      parallel: culprit_search.parallel,
      runs: culprit_search.max_runs ?? 4 * Math.ceil(Math.log2(tasks.length + 1)) + 8,
    },
  });
}

function isIn({ outcome }: Integration["steps"][number]): boolean {
  return outcome === "merged" || outcome === "partial";
}

/** An earlier culprit whose partner turns out to be one itself is given back its place. */
function setAside({ context: { session } }: Train, integration: Integration, entries: SetAside[]): void {
  const culprits = entries.filter((entry) => entry.reason === "culprit");
  const names = new Set(culprits.map((entry) => entry.task_id));
  const kept = integration.set_aside.filter(
    (entry) => entry.reason !== "culprit" || !entry.with.some((id) => names.has(id)),
  );
  session.record({
    artefacts: { integration: { ...integration, set_aside: [...kept, ...entries] } },
    events: culprits.map(({ task_id, with: partners, check }) => {
      return { type: "culprit_found", task_id, with: partners, check } as const;
    }),
  });
}

/** Culprits that each fail with nobody and pass together are in again; true when there are any. */
async function returnCompany({ context, options, states, checks }: Train, integration: Integration): Promise<boolean> {
  const { session } = context;
  const request = integrateRequest(context, options.strategy, options.start);
  const out = leftOut(inMergeOrder(request), integration.set_aside);
  const alone = [...out.values()].filter((entry) => entry.reason === "culprit" && entry.with.length === 0);
  const without = (ids: string[]): SetAside[] => integration.set_aside.filter((entry) => !ids.includes(entry.task_id));
  const memory = new Map<string, MergeResult>();
  const found = await findCompany({
    ids: alone.map((entry) => entry.task_id),
    async test(ids) {
      const combined = { ...request, set_aside: without(ids), previous: undefined, memory };
      const { tip, steps } = await integrate(combined, mergePorts(context));
      const merged = new Set(steps.filter(isIn).map((step) => step.task_id));
      if (!ids.every((id) => merged.has(id))) return "red";
      const state = { commit: tip, sources: steps.map((step) => step.source), name: `with ${ids.join(" and ")}` };
      const results = await states.test(state, checks);
      return results && (results.every((result) => result.passed) ? "green" : "red");
    },
  });
  if (found.length === 0) return false;
  session.record({ artefacts: { integration: { ...integration, set_aside: without(found) } } });
  return true;
}

/**
 * Lets every culprit that has an attempt left try again on top of what passes; true when one of them was accepted. A client that
 * did the task is not waited for here: it may be gone.
 */
async function repair(train: Train, integration: Integration): Promise<boolean> {
  const { context, options, signal } = train;
  const { session, ports, list, plan } = context;
  const { run } = session;
  const attempts = ports.store.attempts(run.run_id);
  const out = leftOut(inMergeOrder(integrateRequest(context, options.strategy)), integration.set_aside);
  const repairs = list.tasks.flatMap((task): Repair[] => {
    const entry = out.get(task.id);
    const own = attempts.filter((attempt) => attempt.task_id === task.id);
    if (entry?.reason !== "culprit" || !mayRepair(own) || worksInClient({ run, task })) return [];
    return [{ task, clash: entry }];
  });
  if (repairs.length === 0 || signal.aborted) return false;
  const place = { run, base: integration.tip, attempts, max_parallel: plan.max_parallel };
  const ended = await runRepairs(repairs, place, { ports: executePortsOf(context), signal });
  train.context = await takeUpAmendments(context);
  return ended.some((attempt) => attempt.state === "accepted");
}

const CANCELLED = failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it");
