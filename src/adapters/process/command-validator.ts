/** The validator port: a check is a command that passes when it exits 0. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parseDuration } from "../../core/model/duration.ts";
import type { CheckResult } from "../../core/model/report.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import type { ValidationRequest, Validator } from "../../core/ports/validator.ts";
import { MOVED_FIX, MOVED_RULE } from "../../core/ports/workspace.ts";
import { CheckGate } from "./check-gate.ts";
import { childEnvironment } from "./child-environment.ts";
import { enclosed, enforcementBy } from "./enclosed.ts";
import { placesProblem } from "./hidden-program.ts";
import { type ProcessOutcome, type ProcessRequest, runProcess } from "./run-process.ts";

export function commandValidator(sandbox: Sandbox): Validator {
  const gate = new CheckGate();
  return {
    problem: (name, check) => placesProblem(`checks.${name}`, check, sandbox),
    run: (request, signal) => gate.pass(request, () => runCheck(request, signal)),
  };

  async function runCheck(request: ValidationRequest, signal: AbortSignal): Promise<CheckResult> {
    const { name } = request;
    const enforcement = enforcementBy(sandbox, request.sandbox);
    const refused = (output: string): CheckResult => ({ check: name, passed: false, duration_ms: 0, output });
    if (!enforcement.ok) return refused(enforcement.error.message);
    const moved = request.workspace.movedPackages();
    if (moved.length > 0) return refused(`not run: ${MOVED_RULE} (${moved.join(", ")}); ${MOVED_FIX}`);
    const ready = await request.workspace.readyForProcess();
    if (!ready.ok) return refused(`not run: ${ready.error.message}; ${ready.error.hint}`);
    const plain = checkProcess(request);
    const outcome = await runProcess(
      enforcement.value === "sandboxed" ? behind(sandbox, plain, request) : plain,
      signal,
    );
    const passed = outcome.end === "exited" && outcome.code === 0;
    return { check: name, passed, duration_ms: outcome.duration_ms, output: outputOf(outcome, request) };
  }
}

function checkProcess({
  name,
  check,
  lane,
  workspace: { directory, folder, desk },
}: ValidationRequest): ProcessRequest {
  return {
    command: check.command,
    directory,
    env: { ...laneEnvironment(lane), ...childEnvironment(folder, check.env) },
    // Not where the agent could put something: what it left behind is never opened by Forkjoin.
    log_file: join(desk, `check-${name.replaceAll("/", "-")}.log`),
    timeout_ms: parseDuration(check.timeout) ?? 0,
    mark: folder,
  };
}

function laneEnvironment(lane: ValidationRequest["lane"]): Record<string, string> {
  return lane === undefined ? {} : { FORKJOIN_LANE: String(lane.number), FORKJOIN_PORT_BASE: String(lane.port_base) };
}

/** The whole tree may be written: it is thrown away, and what counts is committed already. */
function behind(sandbox: Sandbox, plain: ProcessRequest, request: ValidationRequest): ProcessRequest {
  const { check, workspace, limits } = request;
  const { hidden, borrowed, installed } = workspace;
  const held = limits === undefined ? {} : { limits };
  const around = { hidden, borrowed, installed, network: check.network ?? true, named: check, ...held };
  return enclosed(plain, around, sandbox);
}

const READ_ONLY_PACKAGES =
  /(read-only file system|\bEROFS\b).*node_modules|node_modules.*(read-only file system|\bEROFS\b)/i;
const SHARE =
  "packages are read-only here, because other workspaces have them, too; `share_packages: false` changes that";

/** The tail of the output; what ended the check stands before it when it did not end by itself, and what the operator may not know behind it. */
function outputOf(outcome: ProcessOutcome, { workspace }: ValidationRequest): string {
  const said = stripVTControlCharacters(outcome.tail);
  const text = workspace.installed.shared && READ_ONLY_PACKAGES.test(said) ? `${said}\n(${SHARE})` : said;
  if (outcome.end === "not_started") return `could not be started: ${outcome.cause}`;
  return outcome.end === "exited" ? text : `${outcome.end.replace("_", " ")}\n${text}`;
}
