/** Phase 5.3 — checks, run on one state in a workspace of its own. */

import { DEFAULT_LIMITS } from "../../model/limits.ts";
import { ownValue } from "../../model/own-value.ts";
import type { CheckResult } from "../../model/report.ts";
import type { Result } from "../../model/result.ts";
import { ok } from "../../model/result.ts";
import type { Run } from "../../model/run.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import type { Change } from "../../ports/run-store.ts";
import type { Setup } from "../../ports/setup.ts";
import type { Validator } from "../../ports/validator.ts";
import { NOTHING_INSTALLED, type Workspace, type Workspaces } from "../../ports/workspace.ts";

/** A check by its name, and what is run for it: its own command, or one narrowed to some of its tests. */
export interface CheckRun {
  name: string;
  command: string[];
}

export interface StateToCheck {
  run: Run;
  commit: string;
  checks: CheckRun[];
  /** which state this is, for people; absent for the whole combination */
  state: string | undefined;
}

export interface CheckPorts {
  repository: RepositoryReader;
  workspaces: Workspaces;
  setup: Setup;
  validator: Validator;
  record(change: Change): void;
}

const SETUP_TIMEOUT = "30min";

/** Every check runs, even after a failed one; a setup command that fails stands for all of them. */
export async function runChecks(
  request: StateToCheck,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<Result<CheckResult[]>> {
  const { run, commit } = request;
  const place = {
    run_id: run.run_id,
    name: `validation-${commit.slice(0, 12)}`,
    base: commit,
    copy: run.settings.copy,
  };
  const created = await ports.workspaces.create(place, signal);
  if (!created.ok) return created;
  const workspace = created.value;
  try {
    const broken = await setUp(request, workspace, { ports, signal });
    if (broken !== undefined) return ok(request.checks.map(({ name }) => ({ ...broken, check: name })));
    const results: CheckResult[] = [];
    for (const check of request.checks) {
      if (signal.aborted) break;
      results.push(await runCheck(request, check, { workspace, ports, signal }));
    }
    await ports.setup.spoiled(workspace);
    return ok(results);
  } finally {
    await workspace.dispose();
  }
}

interface Means {
  ports: CheckPorts;
  signal: AbortSignal;
}

async function setUp(
  { run, commit }: StateToCheck,
  workspace: Workspace,
  { ports, signal }: Means,
): Promise<CheckResult | undefined> {
  const { setup: commands, copy: copied, sandbox, share_packages: share, limits = DEFAULT_LIMITS } = run.settings;
  if (commands.length === 0) {
    await workspace.keepInstalled(NOTHING_INSTALLED);
    return undefined;
  }
  const files = await ports.repository.files(commit);
  const common = { workspace, commands, copied, sandbox, share, limits, files, repository: run.repository };
  const installed = await ports.setup.prepare({ ...common, scope: [], byClient: false }, signal);
  if (!installed.ok) return { check: "setup", passed: false, duration_ms: 0, output: installed.error.message };
  await workspace.keepInstalled(installed.value);
  return undefined;
}

async function runCheck(
  { run, state }: StateToCheck,
  { name, command }: CheckRun,
  { workspace, ports, signal }: Means & { workspace: Workspace },
): Promise<CheckResult> {
  const where = state === undefined ? {} : { state };
  ports.record({ events: [{ type: "check_started", check: name, ...where }] });
  const configured = ownValue(run.settings.checks, name);
  const check = { env: [], timeout: SETUP_TIMEOUT, ...configured, command };
  const { sandbox, limits = DEFAULT_LIMITS } = run.settings;
  const result = await ports.validator.run({ name, check, workspace, sandbox, limits }, signal);
  ports.record({ events: [{ type: "check_finished", check: name, passed: result.passed, ...where }] });
  return { ...result, output: result.output.replaceAll(`${workspace.directory}/`, "") };
}
