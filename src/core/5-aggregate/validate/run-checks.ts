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

/**
 * Every check runs, even after a failed one; a setup command that fails stands for all of them. Each gets the tree that lands: where
 * one changed files that git would keep, the next begins in a workspace made anew.
 */
export async function runChecks(
  request: StateToCheck,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<Result<CheckResult[]>> {
  const results: CheckResult[] = [];
  let rewritten = "";
  while (results.length < request.checks.length && !signal.aborted) {
    const checks = request.checks.slice(results.length);
    const stretch = await runStretch({ ...request, checks }, ports, signal);
    if (!stretch.ok) return stretch;
    const said = rewritten;
    results.push(...stretch.value.results.map((result) => ({ ...result, output: `${said}${result.output}` })));
    rewritten = stretch.value.rewritten;
  }
  return ok(results);
}

/** Results in one workspace, up to the first check that changed the tree, and what there is to say of that to the reader of the next. */
interface Stretch {
  results: CheckResult[];
  rewritten: string;
}

async function runStretch(request: StateToCheck, ports: CheckPorts, signal: AbortSignal): Promise<Result<Stretch>> {
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
    if (broken !== undefined) {
      return ok({ results: request.checks.map(({ name }) => ({ ...broken, check: name })), rewritten: "" });
    }
    if (request.checks.length > 1) await workspace.snapshot();
    const results: CheckResult[] = [];
    let rewritten = "";
    for (const check of request.checks) {
      if (signal.aborted || rewritten !== "") break;
      results.push(await runCheck(request, check, { workspace, ports, signal }));
      if (results.length < request.checks.length) rewritten = await rewrittenBy(check.name, workspace);
    }
    await ports.setup.spoiled(workspace);
    return ok({ results, rewritten });
  } finally {
    await workspace.dispose();
  }
}

const MOST_NAMED = 5;

/** Empty when the check left every file as it lands; what git ignores is the checks' own. */
async function rewrittenBy(name: string, workspace: Workspace): Promise<string> {
  const changes = await workspace.changes();
  if (!changes.ok) return `[check ${name} left a tree that cannot be read: this check had the tree that lands]\n`;
  const paths = changes.value.filter(({ ignored, kind }) => !ignored && kind !== "directory").map(({ path }) => path);
  if (paths.length === 0) return "";
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : "";
  return `[check ${name} changed ${paths.sort().slice(0, MOST_NAMED).join(", ")}${more}: this check had the tree that lands, without that]\n`;
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
