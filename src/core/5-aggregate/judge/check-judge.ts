/** Phase 5.2 — the judge of joins: each candidate tree is tested like any state of the run, and what is known of a tree is never tested again. */
import type { JudgedCandidate } from "../../model/conflict.ts";
import { ownValue } from "../../model/own-value.ts";
import type { CheckResult } from "../../model/report.ts";
import type { Run } from "../../model/run.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Repository } from "../../ports/repository.ts";
import { type Narrowed, narrowedCheck } from "../validate/narrowed-checks.ts";
import type { CheckRun } from "../validate/run-checks.ts";
import type { TestedStates } from "../validate/tested-states.ts";
import type { CandidateTree, Judge, Judgement, JudgeRequest } from "./judge.ts";

export interface JudgeParts {
  run: Run;
  repository: Repository;
  clock: Clock;
  states: TestedStates;
  /** names of the checks for the combined state */
  validate: string[];
}

const MINUTE = 60_000;

/** Undefined as a result of a test: nothing more can be tested, see `problem` of the states. */
export class CheckJudge implements Judge {
  readonly #parts: JudgeParts;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  async judge(request: JudgeRequest): Promise<Judgement> {
    const usable = await this.#usableChecks(request);
    if (typeof usable === "string") return { kind: "none", why: usable, tested: [] };
    const end = this.#parts.clock.now() + request.limits.minutes * MINUTE;
    const tested: JudgedCandidate[] = [];
    const failed: Narrowed[] = [];
    for (const [index, candidate] of request.candidates.entries()) {
      if (index >= request.limits.candidates || this.#parts.clock.now() >= end) break;
      const red = await this.#test(request.tip, candidate, { checks: usable, failed });
      if (red === undefined) return { kind: "none", why: "the checks could not be run", tested };
      tested.push(said(candidate, red));
      if (red.length === 0) return this.#touched(request, index, { checks: usable, tested });
    }
    const left = request.candidates.length - tested.length;
    const spent =
      left === 0 ? "" : `; ${left} more could not be tested within the budget (merge.candidates, merge.minutes)`;
    return { kind: "none", why: `${count(tested.length)} put together, and each fails the checks${spent}`, tested };
  }

  /** Checks that pass before the join: one that fails there already says nothing about it. */
  async #usableChecks({ tip, checks }: JudgeRequest): Promise<CheckRun[] | string> {
    const { run, validate } = this.#parts;
    const named = [...new Set([...validate, ...checks])].flatMap((name): CheckRun[] => {
      const check = ownValue(run.settings.checks, name);
      return check === undefined ? [] : [{ name, command: check.command }];
    });
    if (named.length === 0) return "no check is configured that could judge it";
    const before = await this.#results(tip, named, "before the join");
    if (before === undefined) return "the checks could not be run";
    const passing = named.filter((_, index) => before[index]?.passed === true);
    if (passing.length > 0) return passing;
    return `${named.map(({ name }) => name).join(", ")} fails before the join already, so it cannot judge it`;
  }

  /** Red results, the tests that failed for an earlier candidate first; none when it passes. */
  async #test(
    tip: string,
    { tree, by }: CandidateTree,
    { checks, failed }: { checks: CheckRun[]; failed: Narrowed[] },
  ): Promise<CheckResult[] | undefined> {
    const { repository } = this.#parts;
    const commit = await this.#commit(tree, tip);
    const name = `joined by ${by.join(", ")}`;
    for (const narrowed of failed.filter(({ narrowing }) => narrowing !== undefined)) {
      const early = await this.#results(commit, [await narrowed.on(commit)], name);
      if (early === undefined || early.some((result) => !result.passed))
        return early?.filter((result) => !result.passed);
    }
    const red: CheckResult[] = [];
    for (const check of checks) {
      const [result] = (await this.#results(commit, [check], name)) ?? [];
      if (result === undefined) return undefined;
      if (result.passed) continue;
      red.push(result);
      failed.push(await narrowedCheck(repository, commit, { check, output: result.output }));
      break;
    }
    return red;
  }

  /** A check counts as one that touches the join only when it fails without the joined file. */
  async #touched(
    { tip, broken }: JudgeRequest,
    candidate: number,
    { checks, tested }: { checks: CheckRun[]; tested: JudgedCandidate[] },
  ): Promise<Judgement> {
    const touching = new Set<string>();
    const untouched: string[] = [];
    for (const { path, tree } of await broken(candidate)) {
      const commit = await this.#commit(tree, tip);
      const results = await this.#results(commit, checks, `without ${path}`);
      if (results === undefined) return { kind: "none", why: "the checks could not be run", tested };
      const red = results.filter(({ passed }) => !passed);
      for (const { check } of red) touching.add(check);
      if (red.length === 0) untouched.push(path);
    }
    if (untouched.length > 0) return { kind: "untouched", candidate, paths: untouched, tested };
    return {
      kind: "chosen",
      candidate,
      checks: checks.map(({ name }) => name).filter((name) => touching.has(name)),
      tested,
    };
  }

  /** A check that fails is run once more, as everywhere: what passes then was a flake. */
  async #results(commit: string, checks: CheckRun[], name: string): Promise<CheckResult[] | undefined> {
    const state = { commit, sources: [`join:${commit}`], name };
    const first = await this.#parts.states.test(state, checks);
    const red = checks.filter((_, index) => first?.[index]?.passed === false);
    if (first === undefined || red.length === 0) return first;
    const again = await this.#parts.states.test(state, red, 2);
    return again && first.map((result, index) => again.find(({ check }) => check === checks[index]?.name) ?? result);
  }

  async #commit(tree: string, parent: string): Promise<string> {
    return this.#parts.repository.commit({ tree, parent, message: "Candidate", at: 0 });
  }
}

const SHOWN = 4_000;

function said({ by }: CandidateTree, red: CheckResult[]): JudgedCandidate {
  const [first] = red;
  if (first === undefined) return { by, passed: true };
  return { by, passed: false, check: first.check, output: first.output.slice(-SHOWN) };
}

function count(candidates: number): string {
  return candidates === 1 ? "one way to join the two was" : `${candidates} ways to join the two were`;
}
