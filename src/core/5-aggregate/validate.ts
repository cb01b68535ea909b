/** Phase 5.3 — the checks, run on the combined state in a workspace of its own. */
import { failure } from "../model/failure.ts";
import { ownValue } from "../model/own-value.ts";
import type { CheckResult, Validation } from "../model/report.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import type { Clock } from "../ports/clock.ts";
import type { Change } from "../ports/run-store.ts";
import type { Validator } from "../ports/validator.ts";
import type { Workspace, Workspaces } from "../ports/workspace.ts";

export interface ValidatePorts {
  workspaces: Workspaces;
  validator: Validator;
  clock: Clock;
  record(change: Change): void;
}

/** Every named check runs, even after a failed one. Without checks nothing is proven, and `passed` is null. */
export async function validate(
  request: { run: Run; commit: string; checks: string[] },
  ports: ValidatePorts,
  signal: AbortSignal,
): Promise<Result<Validation>> {
  const began = ports.clock.now();
  if (request.checks.length === 0) return ok({ checks: [], passed: null, duration_ms: 0 });
  const { run, commit } = request;
  const name = `validation-${commit.slice(0, 12)}`;
  const created = await ports.workspaces.create(
    { run_id: run.run_id, name, base: commit, copy: run.settings.copy },
    signal,
  );
  if (!created.ok) return created;
  try {
    const checks = await runChecks(request, created.value, { ports, signal });
    if (signal.aborted) return err(failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it"));
    const passed = checks.every((check) => check.passed);
    return ok({ checks, passed, duration_ms: ports.clock.now() - began });
  } finally {
    await created.value.dispose();
  }
}

async function runChecks(
  { run, checks: names }: { run: Run; checks: string[] },
  workspace: Workspace,
  { ports, signal }: { ports: ValidatePorts; signal: AbortSignal },
): Promise<CheckResult[]> {
  const setup = run.settings.setup.map((command, index) => {
    return { name: `setup-${index + 1}`, check: { command, env: [], timeout: "30min" }, shown: false };
  });
  const named = names.flatMap((name) => {
    const check = ownValue(run.settings.checks, name);
    return check === undefined ? [] : [{ name, check, shown: true }];
  });
  const results: CheckResult[] = [];
  for (const { name, check, shown } of [...setup, ...named]) {
    if (signal.aborted) break;
    if (shown) ports.record({ events: [{ type: "check_started", check: name }] });
    const { sandbox } = run.settings;
    const result = await ports.validator.run({ name, check, workspace, sandbox }, signal);
    if (shown) ports.record({ events: [{ type: "check_finished", check: name, passed: result.passed }] });
    if (shown || !result.passed) results.push(result);
    if (!shown && !result.passed) break;
  }
  return results;
}
