/** Phase 5.3 — a combination that fails: whether its base does already, else which task breaks it, together with whom, and what leaves with it. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { SetAside } from "../../model/integration.ts";
import type { CheckResult } from "../../model/report.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";
import { findCulprit, type Verdict } from "./find-culprit.ts";
import { namePartners } from "./name-partners.ts";
import { type Narrowed, widened } from "./narrowed-checks.ts";
import { taskNeeds } from "./task-needs.ts";
import type { State, TestedStates } from "./tested-states.ts";
import { trainOrder } from "./train-order.ts";

export interface FailedTrain {
  repository: RepositoryReader;
  graph: DependencyGraph;
  base: string;
  /** the combination */
  whole: State;
  /** what is in it, in merge order */
  tasks: AcceptedTask[];
  /** tasks that came back with another attempt, made on top of the others: suspected last */
  returned: Set<string>;
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
  /** the whole passed when it was tested once more */
  | { kind: "flaky" }
  /** see `problem` of the tested states */
  | { kind: "stopped" };

/** Runs of the base, of the whole, or of a clash, that have to fail before that is taken for true. */
const TIMES = 3;

export async function searchCulprits(train: FailedTrain): Promise<CulpritSearch> {
  const base = await testBase(train);
  if (base === undefined) return { kind: "stopped" };
  const broken = new Set(base.filter((result) => !result.passed).map((result) => result.check));
  if (train.checks.some(({ name, narrowing }) => broken.has(name) && narrowing !== undefined)) {
    return searchCulprits({
      ...train,
      checks: train.checks.map((check) => (broken.has(check.name) ? widened(check) : check)),
    });
  }
  if (train.tasks.length === 0) return { kind: "base_failed", checks: train.checks.map(({ name }) => name) };
  if (broken.size > 0) return { kind: "base_failed", checks: [...broken] };
  const needs = await taskNeeds(train.repository, train.base, { accepted: train.tasks, graph: train.graph });
  const order = trainOrder(train.tasks, { graph: train.graph, needs, last: train.returned }).map(({ task }) => task.id);
  const found = await findCulprit({
    length: order.length,
    known: (count) => knownVerdict(train, order.slice(0, count)),
    test: async (count, again) => {
      if (train.states.runs >= train.limits.runs) return undefined;
      return verdictOf(await testState(train, { ids: order.slice(0, count), times: again ? 2 : 1 }));
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
      return contradicted(train, found.why);
  }
}

interface Accusation {
  order: string[];
  /** how many tasks there are up to the culprit */
  at: number;
  needs: Map<string, Set<string>>;
}

async function accuse(train: FailedTrain, { order, at, needs }: Accusation): Promise<CulpritSearch> {
  const whole = verdictOf(await testWholeAgain(train));
  if (whole !== "red") return { kind: whole === undefined ? "stopped" : "flaky" };
  const culprit = order[at - 1] ?? "";
  const partners = await namePartners({
    culprit,
    green: order.slice(0, at - 1),
    needs,
    test: async (ids) => verdictOf(await testState(train, { ids, times: 1 })),
  });
  const clash = new Set([culprit, ...partners].flatMap((id) => [...(needs.get(id) ?? []), id]));
  const red = await testState(train, { ids: order.filter((id) => clash.has(id)), times: TIMES });
  if (train.states.problem !== undefined || red === undefined) return { kind: "stopped" };
  const failed = red.find((result) => !result.passed);
  if (failed === undefined) {
    return contradicted(train, `${[...clash].join(" and ")} failed together once and passed later`);
  }
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

/** Verdicts that cannot all be true come of a flaky check: the whole has one more chance to pass. */
async function contradicted(train: FailedTrain, why: string): Promise<CulpritSearch> {
  const whole = verdictOf(await testWholeAgain(train));
  if (whole === undefined) return { kind: "stopped" };
  return whole === "green" ? { kind: "flaky" } : { kind: "inconsistent", why };
}

/** The base, again where it fails: a check that fails now and then says nothing of it. */
async function testBase(train: FailedTrain): Promise<CheckResult[] | undefined> {
  const once = await testState(train, { ids: [], times: 1 });
  return verdictOf(once) === "red" ? testState(train, { ids: [], times: TIMES }) : once;
}

async function testWholeAgain({ states, whole, checks }: FailedTrain): Promise<CheckResult[] | undefined> {
  return states.test(whole, await Promise.all(checks.map((check) => check.on(whole.commit))), TIMES);
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
  { ids, times }: { ids: string[]; times: number },
): Promise<CheckResult[] | undefined> {
  const state = await combinationOf(train, ids);
  const checks = await Promise.all(train.checks.map((check) => check.on(state.commit)));
  return train.states.test(state, checks, times);
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
