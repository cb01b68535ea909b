/** Phase 5.3 — run all tests on the whole combination; what fails is run once more, because it may be a flake. */
import type { Integration } from "../../model/integration.ts";
import type { CheckResult } from "../../model/report.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import { type Narrowed, narrowedCheck } from "./narrowed-checks.ts";
import type { CheckRun } from "./run-checks.ts";
import type { State, TestedStates } from "./tested-states.ts";

export interface WholeTest {
  /** the last result of every check, in the order they are configured */
  results: CheckResult[];
  /** the checks that failed twice, as a search for the culprit runs them */
  failed: Narrowed[];
}

interface Train {
  context: { session: { repository: RepositoryReader } };
  checks: CheckRun[];
  states: TestedStates;
}

/** Undefined when it cannot be tested: see `problem` of the states. */
export async function testWhole(train: Train, integration: Integration): Promise<WholeTest | undefined> {
  const { checks, states } = train;
  const state = { commit: integration.tip, sources: integration.steps.map((step) => step.source) };
  const first = checks.length === 0 ? [] : await states.test(state, checks);
  if (first === undefined) return undefined;
  const whole: WholeTest = { results: [], failed: [] };
  for (const [index, result] of first.entries()) {
    const check = checks[index];
    if (result.passed || check === undefined) continue;
    const failed = await failsAgain(train, state, { check, output: result.output });
    if (failed === "stopped") return undefined;
    if (failed !== undefined) whole.failed.push(failed);
  }
  whole.results = checks.length === 0 ? [] : ((await states.test(state, checks)) ?? []);
  return whole;
}

/** The failed tests alone where the runner names them: if they pass, it was a flake or they fail only in company, so all run again. */
async function failsAgain(
  { context, states }: Train,
  state: State,
  first: { check: CheckRun; output: string },
): Promise<Narrowed | "stopped" | undefined> {
  const { repository } = context.session;
  const narrowed = await narrowedCheck(repository, state.commit, first);
  if (narrowed.narrowing !== undefined) {
    const results = await states.test(state, [await narrowed.on(state.commit)]);
    if (results === undefined) return "stopped";
    if (results.some((result) => !result.passed)) return narrowed;
  }
  const again = await states.test(state, [first.check], 2);
  if (again === undefined) return "stopped";
  const failed = again.some((result) => !result.passed);
  return failed ? narrowedCheck(repository, state.commit, { check: first.check, output: undefined }) : undefined;
}
