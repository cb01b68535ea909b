/** Phase 5.3 — what the checks say of each state, tested once and remembered: a search resumed after a crash tests nothing twice. */
import { type Failure, failure } from "../../model/failure.ts";
import type { CheckResult } from "../../model/report.ts";
import type { Run } from "../../model/run.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import { type CheckPorts, type CheckRun, runChecks } from "./run-checks.ts";

/** A combination: its commit, and the accepted commits that are in it. */
export interface State {
  commit: string;
  sources: string[];
  /** which it is, for people; absent for the whole combination */
  name?: string;
}

export interface TestedStatesRequest {
  run: Run;
  repository: RepositoryReader;
  ports: CheckPorts & { clock: Clock };
  /** verdicts on record */
  verdicts: Verdict[];
  signal: AbortSignal;
}

/** Runs of a flaky check on one state before its failure counts. */
const MOST_TIMES = 4;

export class TestedStates {
  /** states that were tested, each run counted */
  runs = 0;
  /** why testing cannot go on: the run was cancelled, or a workspace could not be made */
  problem: Failure | undefined;
  /** milliseconds in which at least one check ran */
  spent = 0;
  readonly #request: TestedStatesRequest;
  readonly #verdicts: Verdict[];
  readonly #running = new Map<string, Promise<void>>();
  #busySince: number | undefined;

  constructor(request: TestedStatesRequest) {
    this.#request = request;
    this.#verdicts = [...request.verdicts];
  }

  /** The last result of each check on the state; undefined when one of them has none. */
  known(sources: string[], checks: CheckRun[]): CheckResult[] | undefined {
    const key = keyOf(sources);
    const results = checks.map((check) =>
      this.#verdicts.findLast((verdict) => keyOf(verdict.sources) === key && isOf(verdict, check)),
    );
    return results.every((result) => result !== undefined) ? results.map(toResult) : undefined;
  }

  /**
   * The last result of each check on the state, after at least `times` runs, those on record counted. Where a check is known to be
   * flaky, what fails is run until it passes, at most four times. Undefined when it cannot be done: see `problem`.
   */
  async test(state: State, checks: CheckRun[], times = 1): Promise<CheckResult[] | undefined> {
    const tree = await this.#request.repository.treeOf(state.commit);
    for (;;) {
      const missing = checks.filter((check) => this.#isMissing(tree, check, times));
      if (missing.length === 0) break;
      await this.#once(tree, { state, checks: missing });
      if (this.problem !== undefined) return undefined;
    }
    return checks.flatMap((check) => this.#recorded(tree, check).slice(-1).map(toResult));
  }

  /** Names of the checks that passed and failed on one and the same tree, sorted. */
  flaky(): string[] {
    const both = this.#verdicts.filter((verdict) =>
      this.#recorded(verdict.tree, { name: verdict.check, command: verdict.command }).some(
        (other) => other.passed !== verdict.passed,
      ),
    );
    return [...new Set(both.map(({ check }) => check))].sort();
  }

  #isMissing(tree: string, check: CheckRun, times: number): boolean {
    const recorded = this.#recorded(tree, check);
    if (recorded.length < times) return true;
    const failed = recorded.at(-1)?.passed === false;
    return failed && recorded.length < MOST_TIMES && this.flaky().includes(check.name);
  }

  #recorded(tree: string, check: CheckRun): Verdict[] {
    return this.#verdicts.filter((verdict) => verdict.tree === tree && isOf(verdict, check));
  }

  /** Two states can be the same tree: it is not tested twice at the same time. */
  async #once(tree: string, work: { state: State; checks: CheckRun[] }): Promise<void> {
    const running = this.#running.get(tree) ?? this.#run(tree, work).finally(() => this.#running.delete(tree));
    this.#running.set(tree, running);
    await running;
  }

  async #run(tree: string, { state, checks }: { state: State; checks: CheckRun[] }): Promise<void> {
    const { run, ports, signal } = this.#request;
    this.#begin();
    const results = await runChecks({ run, commit: state.commit, checks, state: state.name }, ports, signal);
    this.#end();
    this.runs += 1;
    if (signal.aborted)
      this.problem = failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it");
    else if (!results.ok) this.problem = results.error;
    if (this.problem !== undefined || !results.ok) return;
    for (const [index, { name, command }] of checks.entries()) {
      const result = results.value[index];
      const sources = abbreviated(state.sources);
      if (result !== undefined) this.#verdicts.push({ ...verdictOf(result), tree, sources, check: name, command });
    }
    ports.record({ artefacts: { verdicts: this.#verdicts } });
  }

  #begin(): void {
    if (this.#running.size === 0) this.#busySince = this.#request.ports.clock.now();
  }

  #end(): void {
    if (this.#running.size > 1 || this.#busySince === undefined) return;
    this.spent += this.#request.ports.clock.now() - this.#busySince;
    this.#busySince = undefined;
  }
}

function isOf(verdict: Verdict, { name, command }: CheckRun): boolean {
  return verdict.check === name && verdict.command.join("\0") === command.join("\0");
}

function abbreviated(sources: string[]): string[] {
  return sources.map((source) => source.slice(0, 16)).sort();
}

function keyOf(sources: string[]): string {
  return abbreviated(sources).join(" ");
}

function verdictOf({ passed, duration_ms, output }: CheckResult): Pick<Verdict, "passed" | "duration_ms" | "output"> {
  return { passed, duration_ms, output: passed ? "" : output };
}

function toResult({ check, passed, duration_ms, output }: Verdict): CheckResult {
  return { check, passed, duration_ms, output };
}
