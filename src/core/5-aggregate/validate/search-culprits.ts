/** Phase 5.3 — a combination that fails: whether its base does already, else which task breaks it, together with whom, and what leaves with it. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { SetAside } from "../../model/integration.ts";
import type { CheckResult } from "../../model/report.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";
import { findCulprit, type Verdict } from "./find-culprit.ts";
import { namePartners } from "./name-partners.ts";
import type { Narrowed } from "./narrowed-checks.ts";
import { taskNeeds } from "./task-needs.ts";
import type { State, TestedStates } from "./tested-states.ts";
import { trainOrder } from "./train-order.ts";

export interface FailedTrain {
  repository: RepositoryReader;
  graph: DependencyGraph;
  base: string;
  /** what is in the combination, in merge order */
  tasks: AcceptedTask[];
  states: TestedStates;
  /** the checks that failed, narrowed where that is possible */
  checks: Narrowed[];
  /** the combination of some of the tasks */
  combine(ids: Set<string>): Promise<string>;
  limits: { parallel: number; runs: number };
}

export type CulpritSearch =
  | { kind: "set_aside"; entries: SetAside[] }
  | { kind: "base_failed"; checks: string[] }
  | { kind: "inconsistent"; why: string }
  /** see `problem` of the tested states */
  | { kind: "stopped" };

export async function searchCulprits(train: FailedTrain): Promise<CulpritSearch> {
  const base = await testState(train, { ids: [], again: false });
  if (base === undefined) return { kind: "stopped" };
  if (train.tasks.length === 0) return { kind: "base_failed", checks: train.checks.map(({ name }) => name) };
  const broken = base.filter((result) => !result.passed).map((result) => result.check);
  if (broken.length > 0) return { kind: "base_failed", checks: broken };
  const needs = await taskNeeds(train.repository, train.base, { accepted: train.tasks, graph: train.graph });
  const order = trainOrder(train.tasks, { graph: train.graph, needs }).map(({ task }) => task.id);
  const found = await findCulprit({
    length: order.length,
    known: (count) => knownVerdict(train, order.slice(0, count)),
    test: async (count, again) => {
      if (train.states.runs >= train.limits.runs) return undefined;
      return verdictOf(await testState(train, { ids: order.slice(0, count), again }));
    },
    width: train.limits.parallel,
  });
  if (train.states.problem !== undefined) return { kind: "stopped" };
  switch (found.kind) {
    case "culprit":
      return accuse(train, { order, at: found.at, needs });
    case "undecided":
      return { kind: "set_aside", entries: order.slice(found.green).map((id) => undecided(train, id)) };
    case "inconsistent":
      return { kind: "inconsistent", why: found.why };
  }
}

interface Accusation {
  order: string[];
  /** how many tasks there are up to the culprit */
  at: number;
  needs: Map<string, Set<string>>;
}

async function accuse(train: FailedTrain, { order, at, needs }: Accusation): Promise<CulpritSearch> {
  const culprit = order[at - 1] ?? "";
  const red = await testState(train, { ids: order.slice(0, at), again: false });
  const failed = red?.find((result) => !result.passed);
  const partners = await namePartners({
    culprit,
    green: order.slice(0, at - 1),
    needs,
    test: async (ids) => verdictOf(await testState(train, { ids, again: false })),
  });
  if (train.states.problem !== undefined || failed === undefined) return { kind: "stopped" };
  const { check, output } = failed;
  const blocked = order.filter((id) => needs.get(id)?.has(culprit));
  return {
    kind: "set_aside",
    entries: [
      { ...entry(train, culprit), reason: "culprit", check, with: partners, output },
      ...blocked.map(
        (id): SetAside => ({ ...entry(train, id), reason: "blocked", check, with: [culprit], output: "" }),
      ),
    ],
  };
}

function undecided(train: FailedTrain, id: string): SetAside {
  const check = train.checks.map(({ name }) => name).join(", ");
  return { ...entry(train, id), reason: "undecided", check, with: [], output: "" };
}

function entry({ tasks }: FailedTrain, id: string): Pick<SetAside, "task_id" | "source"> {
  return { task_id: id, source: tasks.find(({ task }) => task.id === id)?.source ?? "" };
}

async function testState(
  train: FailedTrain,
  { ids, again }: { ids: string[]; again: boolean },
): Promise<CheckResult[] | undefined> {
  const state = await combinationOf(train, ids);
  const checks = await Promise.all(train.checks.map((check) => check.on(state.commit)));
  return train.states.test(state, checks, again);
}

async function combinationOf(train: FailedTrain, ids: string[]): Promise<State> {
  const { tasks, base } = train;
  const commit = ids.length === 0 ? base : await train.combine(new Set(ids));
  const name = ids.length === 0 ? "the base" : `${ids.length} of ${tasks.length} tasks`;
  return { commit, sources: sourcesOf(train, ids), name };
}

function sourcesOf({ tasks }: FailedTrain, ids: string[]): string[] {
  return tasks.filter(({ task }) => ids.includes(task.id)).map(({ source }) => source);
}

/** From the records alone, without a merge: only for checks that run the same on every state. */
function knownVerdict(train: FailedTrain, ids: string[]): Verdict | undefined {
  const whole = train.checks.map((check) => check.whole);
  const results = train.checks.every((check) => check.narrowing === undefined)
    ? train.states.known(sourcesOf(train, ids), whole)
    : undefined;
  return verdictOf(results);
}

function verdictOf(results: CheckResult[] | undefined): Verdict | undefined {
  if (results === undefined) return undefined;
  return results.every((result) => result.passed) ? "green" : "red";
}
