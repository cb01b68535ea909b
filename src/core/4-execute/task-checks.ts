/** Phase 4.3 — a task's own checks: a failed one is run once more before it is believed, and what checks at once may share is named. */
import { type Failure, failure } from "../model/failure.ts";
import { DEFAULT_LIMITS } from "../model/limits.ts";
import { ownValue } from "../model/own-value.ts";
import type { CheckResult } from "../model/report.ts";
import { ok } from "../model/result.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { AttemptContext } from "./attempt-context.ts";
import type { ExecutePorts } from "./execute-ports.ts";

export interface Checked {
  failed?: Failure;
  /** checks that failed and passed when they were run once more */
  flaky: string[];
}

const SHARED_PORT =
  /EADDRINUSE|address (is )?already in use|only one usage of each socket address|port \S+ is (already )?in use/i;
const SHARED =
  /database is locked|\bEBUSY\b|\bETXTBSY\b|resource (temporarily unavailable|busy)|could not (acquire|obtain) (the )?lock|lock (file )?(is )?(already )?held/i;
/** Such a check did not end by itself: the second time would take as long. */
const NOT_RUN_AGAIN = /^(timed out\n|not run: |could not be started: )/;

/** The first check that fails, and what was said of those before. */
export async function failedCheck(
  context: AttemptContext,
  workspace: Workspace,
  means: { ports: ExecutePorts; signal: AbortSignal },
): Promise<Checked> {
  const { task } = context;
  const red = new Set(task.red_checks);
  const flaky: string[] = [];
  const reset = task.checks.length > 0 ? await workspace.resetGit() : ok(undefined);
  if (!reset.ok) return { failed: reset.error, flaky };
  for (const name of [...task.checks.filter((check) => !red.has(check)), ...red]) {
    const result = await runTwice(context, { name, workspace, isRed: red.has(name) }, means);
    if ("code" in result) return { failed: result, flaky };
    if (result.again) flaky.push(name);
    if (result.passed === red.has(name))
      return { failed: red.has(name) ? notRed(name) : notPassed(name, result), flaky };
  }
  return { flaky };
}

/** The second run of a check that met what others hold has the machine's checks to itself. */
async function runTwice(
  { run, lane }: AttemptContext,
  { name, workspace, isRed }: { name: string; workspace: Workspace; isRed: boolean },
  { ports, signal }: { ports: ExecutePorts; signal: AbortSignal },
): Promise<(CheckResult & { again: boolean }) | Failure> {
  const check = ownValue(run.settings.checks, name);
  if (check === undefined) return failure("unknown_check", `check ${name} is not configured`, "add it to `checks`");
  const { sandbox, limits = DEFAULT_LIMITS } = run.settings;
  const request = { name, check, workspace, sandbox, limits, ...(lane === undefined ? {} : { lane }) };
  const first = await ports.validator.run(request, signal);
  if (signal.aborted) return CANCELLED;
  if (first.passed || isRed || NOT_RUN_AGAIN.test(first.output)) return { ...first, again: false };
  const alone = SHARED_PORT.test(first.output) || SHARED.test(first.output);
  const second = await ports.validator.run({ ...request, alone }, signal);
  if (signal.aborted) return CANCELLED;
  return { ...second, again: second.passed };
}

const CANCELLED = failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it");

function notPassed(name: string, { output }: CheckResult): Failure {
  return failure("check_failed", `check ${name} failed: ${output.trim().slice(-1_500)}`, cureOf(name, output));
}

function cureOf(name: string, output: string): string {
  const lock = `let one run at a time: \`locks: [${name}]\` on the check`;
  if (SHARED_PORT.test(output)) {
    return `checks that run at once share a port: let it listen on FORKJOIN_PORT_BASE, the first of 20 ports of its own, or ${lock}`;
  }
  if (SHARED.test(output)) return `checks that run at once share something: ${lock}`;
  return "make the check pass inside the task's scope";
}

function notRed(name: string): Failure {
  const hint = "write a test that fails because of the fault, so that the check is red before the fix";
  return failure("check_failed", `check ${name} passes, and it has to fail here: nothing is reproduced`, hint);
}
