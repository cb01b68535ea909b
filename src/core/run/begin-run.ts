/** A new run: the repository, the commit it starts from, and the rules it will keep to its end. */
import { CLIENT_AGENT, type Configuration } from "../model/configuration.ts";
import type { OrderingKind } from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { ownValue } from "../model/own-value.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run, RunSettings } from "../model/run.ts";
import type { OpenRepository, OrchestratorPorts } from "../ports/orchestrator-ports.ts";

export interface NewRun {
  request: string;
  /** folder of the repository, absolute */
  repo: string;
  /** branch, tag or commit; the current HEAD when absent */
  base?: string | undefined;
  settings?: SettingsOverrides | undefined;
  /** kinds of evidence that make tasks wait; all when absent */
  ordering?: OrderingKind[] | undefined;
}

/** Settings that a client or the command line may give for one run, over the configuration. */
export type SettingsOverrides = { [Key in OverridableSetting]?: RunSettings[Key] | undefined };
type OverridableSetting =
  | "agent"
  | "onto"
  | "squash"
  | "max_parallel"
  | "mode"
  | "objective"
  | "conflict_resolution"
  | "same_file"
  | "validate";

export interface Begun extends OpenRepository {
  run: Run;
}

const HEAD = "HEAD";

const BRANCH_TAKEN = failure(
  "unsupported_content",
  "a branch is named forkjoin, so git cannot make the result's branch forkjoin/<run_id>",
  "rename that branch: git branch -m forkjoin another-name",
);

/** Opens the repository and fixes the base commit; nothing is stored yet. */
/** Ports needed to begin a run. */
export type BeginPorts = Pick<
  OrchestratorPorts,
  "openRepository" | "configurationFor" | "clock" | "newRunId" | "clientWork"
>;

export async function beginRun(input: NewRun, ports: BeginPorts): Promise<Result<Begun>> {
  const opened = await ports.openRepository(input.repo);
  if (!opened.ok) return opened;
  const configured = await ports.configurationFor(opened.value.repository.root);
  if (!configured.ok) return configured;
  const settings = settingsOf(input, configured.value, ports);
  if (!settings.ok) return settings;
  const { repository } = opened.value;
  const base_ref = input.base ?? HEAD;
  const base = await repository.resolve(base_ref);
  if (!base.ok) return base;
  const trees = await repository.checkTrees(base.value);
  if (!trees.ok) return trees;
  if (settings.value.onto !== undefined) {
    const onto = await repository.resolve(settings.value.onto);
    if (!onto.ok) return onto;
  }
  const taken = await repository.readRef("refs/heads/forkjoin");
  if (taken !== undefined) return err(BRANCH_TAKEN);
  const now = ports.clock.now();
  const dirty = await repository.isDirty();
  const run: Run = {
    run_id: ports.newRunId(),
    repository: repository.root,
    request: input.request,
    base_ref,
    base_commit: base.value,
    state: "open",
    settings: settings.value,
    warnings: dirty
      ? [`${repository.root} has uncommitted changes: only commit ${base.value.slice(0, 12)} counts`]
      : [],
    cancel_requested: false,
    epoch: 0,
    created_at: now,
    updated_at: now,
  };
  return ok({ run, ...opened.value });
}

/** The configuration with this run's own settings over it; every name it uses must exist. */
function settingsOf(
  input: NewRun,
  configured: Configuration,
  ports: Pick<OrchestratorPorts, "clientWork">,
): Result<RunSettings> {
  const { machine_max_parallel: _, min_free_mb: __, ...own } = configured;
  const { default_agent, knowledge: ___, closes_issues: ____, ...configuration } = own;
  const chosen = Object.fromEntries(Object.entries(input.settings ?? {}).filter(([, value]) => value !== undefined));
  const usual = default_agent ?? (ports.clientWork ? CLIENT_AGENT : undefined);
  const base = usual === undefined ? configuration : { ...configuration, agent: usual };
  const asked: RunSettings = { ...base, ...chosen };
  const { ordering } = input;
  const settings = ordering === undefined ? asked : { ...asked, analysis: { same_file: asked.same_file, ordering } };
  const agents = [...Object.keys(settings.agents), CLIENT_AGENT];
  if (settings.agent !== undefined && !agents.includes(settings.agent)) {
    const message = `agent ${JSON.stringify(settings.agent)} is not configured`;
    return err(failure("unknown_agent", message, agentHint(agents)));
  }
  const unknown = checkProblem(settings.validate, settings);
  if (unknown !== undefined) return err(unknown);
  return ok(settings);
}

/** Names in `validate` must be checks of the configuration. */
export function checkProblem(validate: string[], settings: RunSettings): Failure | undefined {
  const unknown = validate.find((name) => ownValue(settings.checks, name) === undefined);
  if (unknown === undefined) return undefined;
  const known = Object.keys(settings.checks).join(", ") || "none, add one under `checks` in the configuration";
  return failure(
    "unknown_check",
    `validate names ${JSON.stringify(unknown)}, which is no check`,
    `known checks: ${known}`,
  );
}

export function agentHint(agents: string[]): string {
  if (agents.length > 0)
    return `known agents: ${agents.join(", ")}${agents.includes(CLIENT_AGENT) ? " (an MCP client itself)" : ""}`;
  return "add one under `agents` in the configuration file, or install a coding agent that has a preset: `forkjoin agents` lists them";
}
