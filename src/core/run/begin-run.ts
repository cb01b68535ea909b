/** A new run: the repository, the commit it starts from, and the rules it will keep to its end. */
import { CLIENT_AGENT, type Configuration } from "../model/configuration.ts";
import type { OrderingKind } from "../model/dependency-graph.ts";
import { type Failure, failure } from "../model/failure.ts";
import { DEFAULT_LIMITS } from "../model/limits.ts";
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
  /** only the plan is wanted */
  trial?: boolean | undefined;
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
const SUBMODULE = "160000";

const BRANCH_TAKEN = failure(
  "unsupported_content",
  "a branch is named forkjoin, so git cannot make the result's branch forkjoin/<run_id>",
  "rename that branch: git branch -m forkjoin another-name",
);

/** Opens the repository and fixes the base commit; nothing is stored yet. */
/** Ports needed to begin a run. */
export type BeginPorts = Pick<
  OrchestratorPorts,
  "openRepository" | "configurationFor" | "clock" | "newRunId" | "clientWork" | "executor"
>;

export async function beginRun(input: NewRun, ports: BeginPorts): Promise<Result<Begun>> {
  const opened = await ports.openRepository(input.repo);
  if (!opened.ok) return opened;
  const unfit = opened.value.workspaces.homeProblem();
  if (unfit !== undefined) return err(unfit);
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
    warnings: [
      ...(dirty ? [`${repository.root} has uncommitted changes: only commit ${base.value.slice(0, 12)} counts`] : []),
      ...(await emptySubmodules(repository, base.value, settings.value)),
      ...unheldLimits(settings.value, ports),
    ],
    cancel_requested: false,
    ...(input.trial === true ? { trial: true } : {}),
    epoch: 0,
    created_at: now,
    updated_at: now,
  };
  return ok({ run, ...opened.value });
}

/** Workspaces have no content of submodules but what the setup or `copy` brings. */
async function emptySubmodules(
  repository: OpenRepository["repository"],
  commit: string,
  { setup, copy }: RunSettings,
): Promise<string[]> {
  const files = await repository.files(commit);
  const found = [...files].flatMap(([path, { mode }]) => (mode === SUBMODULE ? [path] : []));
  const isBrought = setup.some((command) => command.join(" ").includes("submodule"));
  const empty = isBrought ? [] : found.filter((path) => !copy.some((one) => `${path}/`.startsWith(`${one}/`)));
  if (empty.length === 0) return [];
  const named = `${empty.slice(0, 5).join(", ")}${empty.length > 5 ? ` and ${empty.length - 5} more` : ""}`;
  const cure = "setup: [[git, submodule, update, --init, --recursive]], or copy: [FOLDER]";
  return [`submodule ${named} is empty in workspaces: where agents or checks need it, ${cure}`];
}

/** Warnings of limits that somebody chose and that nothing on this machine holds. */
function unheldLimits({ limits = DEFAULT_LIMITS, sandbox }: RunSettings, { executor }: BeginPorts): string[] {
  const keys = (["processes", "memory_mb"] as const).filter((key) => limits[key] !== DEFAULT_LIMITS[key]);
  const unheld = keys.length === 0 ? [] : executor.unlimited(sandbox, limits).filter(({ key }) => keys.includes(key));
  return unheld.map(({ key, why }) => `limits.${key} is ${limits[key]}, and is not held here: ${why}`);
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
