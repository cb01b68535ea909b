/** The one place that picks adapters: configuration in, an orchestrator over real git, processes and SQLite out. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { folderCodeCache } from "./adapters/code-cache/folder-code-cache.ts";
import { loadConfiguration } from "./adapters/configuration/load-configuration.ts";
import { withRepositoryFile } from "./adapters/configuration/repository-file.ts";
import { engineIn } from "./adapters/git/repository/engine.ts";
import { openRepository } from "./adapters/git/repository/git-repository.ts";
import { rememberLocations } from "./adapters/git/repository/remember-locations.ts";
import { gitWorkspaces } from "./adapters/git/workspace/git-workspaces.ts";
import { issueSource } from "./adapters/issue-source/issue-source.ts";
import { fileKnowledgeSource } from "./adapters/knowledge-source/file-knowledge-source.ts";
import { machineLanes } from "./adapters/lanes/machine-lanes.ts";
import { languageAnalyser } from "./adapters/language-analyser/language-analyser.ts";
import { agentExecutor } from "./adapters/process/agent-executor.ts";
import { commandValidator } from "./adapters/process/command-validator.ts";
import { unlimitedUnder } from "./adapters/process/enclosed.ts";
import { findProgram } from "./adapters/process/find-program.ts";
import { hiddenProblem } from "./adapters/process/hidden-program.ts";
import { type Inspection, inspectAgent } from "./adapters/process/inspect-agent.ts";
import { mergeProgram } from "./adapters/process/merge-program.ts";
import { agentCommand } from "./adapters/process/presets.ts";
import { identityOf, livenessByPid } from "./adapters/process/process-identity.ts";
import { processOwners } from "./adapters/run-store/process-owners.ts";
import { openRunStore } from "./adapters/run-store/sqlite-run-store.ts";
import { StorageError } from "./adapters/run-store/storage-error.ts";
import { bubblewrap } from "./adapters/sandbox/bubblewrap.ts";
import { SetupOnce } from "./adapters/setup/setup-once.ts";
import { structuredText } from "./adapters/structured-text/structured-text.ts";
import { folderWorkflowSource, operatorWorkflows } from "./adapters/workflow-source/folder-workflow-source.ts";
import type { AgentEvent } from "./core/model/agent-event.ts";
import type { SandboxMode } from "./core/model/boundary.ts";
import { type AgentConfiguration, type Configuration, PRESETS } from "./core/model/configuration.ts";
import type { Event } from "./core/model/event.ts";
import { failure } from "./core/model/failure.ts";
import type { UnheldLimit } from "./core/model/limits.ts";
import { err, ok, type Result } from "./core/model/result.ts";
import { Orchestrator } from "./core/orchestrator.ts";
import type { Clock } from "./core/ports/clock.ts";
import type { CodeCache } from "./core/ports/code-cache.ts";
import type { KnowledgeSource } from "./core/ports/knowledge-source.ts";
import type { LanguageAnalyser } from "./core/ports/language-analyser.ts";
import type { OpenRepository } from "./core/ports/orchestrator-ports.ts";
import type { RunStore } from "./core/ports/run-store.ts";
import type { Sleep } from "./core/ports/sleep.ts";
import type { Tokens } from "./core/ports/tokens.ts";
import { type Reaped, reapDead } from "./core/run/reap-dead.ts";
import { RunNotifier } from "./core/run/run-notifier.ts";

/** Operations of commands on this machine besides runs. */
export { readTaskFiles, type TaskFiles } from "./adapters/configuration/read-task-files.ts";
export { approve, REPOSITORY_FILE, readRepositoryFile } from "./adapters/configuration/repository-file.ts";
export { checkedOut, hasBranch, hasLanded, landBranch } from "./adapters/git/delivery/land-branch.ts";
export { openPullRequest } from "./adapters/git/delivery/open-pull-request.ts";
export { showDiff } from "./adapters/git/delivery/show-diff.ts";
export { locateRepository } from "./adapters/git/repository/repository-location.ts";
export { homeProblem } from "./adapters/git/workspace/home-problem.ts";
export { forgetTemplates } from "./adapters/setup/forget-templates.ts";
export { bubblewrap, type Inspection, StorageError };

/** One level above this module, and above the program that it is bundled into. */
const SHIPPED_WORKFLOWS = fileURLToPath(new URL("../workflows", import.meta.url));

export interface ComposeOptions {
  /** configuration file; the usual one when absent */
  config?: string | undefined;
  /** the only repositories that may be touched; any when absent */
  repositories?: string[] | undefined;
  /** tasks may carry commands of their own: true for task files given to the command line */
  allow_task_commands?: boolean | undefined;
  /** nothing is changed: what dead processes left stays as it is */
  read_only?: boolean | undefined;
  /** runs of processes of which nothing can tell whether they live are taken over */
  take_over?: boolean | undefined;
  /** a chat client is there that can do tasks itself */
  client_work?: boolean | undefined;
  observe?: (run_id: string, event: Event) => void;
  hear?: (run_id: string, task_id: string, said: AgentEvent) => void;
}

interface HiddenAgent {
  name: string;
  says: string;
}

export interface Composed {
  orchestrator: Orchestrator;
  /** top levels of the repositories that may be touched; empty when any may */
  repositories: string[];
  /** runs of processes that had died, freed at this start of what those left */
  reaped: Reaped[];
  /** Interrupts what runs, keeping its state, and closes the store. */
  close(): Promise<void>;
}

/** `$FORKJOIN_HOME`, else `$XDG_STATE_HOME/forkjoin`, else `~/.local/state/forkjoin`. */
export function forkjoinHome(): string {
  const { FORKJOIN_HOME, XDG_STATE_HOME } = process.env;
  return resolve(FORKJOIN_HOME || join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "forkjoin"));
}

export async function compose(options: ComposeOptions): Promise<Result<Composed>> {
  const loaded = await configured(options.config);
  if (!loaded.ok) return loaded;
  const configuration = loaded.value;
  const home = forkjoinHome();
  const clock = { now: () => Date.now() };
  const sleep: Sleep = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);
  const opened = openStore(join(home, "forkjoin.db"), clock);
  if (!opened.ok) return opened;
  const store = opened.value;
  const allowed = await topLevels(options.repositories);
  const sandbox = bubblewrap(home);
  const validator = commandValidator(sandbox);
  const operator = options.allow_task_commands ? { ...configuration, allow_task_commands: true } : configuration;
  const folder = join(home, "owners");
  const takeOver = options.take_over ?? false;
  const owners = processOwners({ folder, identity: identityOf(process.pid), livenessByPid, takeOver });
  const lanes = machineLanes({ store, owners, limit: configuration.machine_max_parallel, sleep });
  const orchestrator = new Orchestrator({
    configuration: operator,
    configurationFor: (root) => withRepositoryFile(operator, { root, home }),
    store,
    clock,
    sleep,
    tokens,
    notifier: new RunNotifier(sleep),
    clientWork: options.client_work ?? false,
    canAsk: options.client_work === true || (process.stdin.isTTY === true && process.stderr.isTTY === true),
    executor: agentExecutor(sandbox),
    validator,
    setup: new SetupOnce({ validator, sandbox, home }),
    structuredText: structuredText(),
    mergeProgram: mergeProgram(),
    owners,
    lanes,
    newRunId,
    openRepository: (directory) => open(directory, { home, allowed, minFreeMb: configuration.min_free_mb }),
    knowledgeSource: (root, graph) => knowledgeSource(root, graph, configuration),
    workflows: folderWorkflowSource([SHIPPED_WORKFLOWS, operatorWorkflows()]),
    issues: issueSource(),
    observe: options.observe ?? (() => undefined),
    hear: options.hear ?? (() => undefined),
  });
  const close = async (): Promise<void> => {
    await orchestrator.live.close();
    owners.close();
    store.close();
  };
  const reaped = options.read_only ? [] : await reapDead(orchestrator.ports, orchestrator.live);
  return ok({ orchestrator, repositories: allowed ?? [], reaped, close });
}

const tokens: Tokens = {
  make: () => randomBytes(16).toString("base64url"),
  digest: (token) => createHash("sha256").update(token).digest("hex"),
};

function openStore(file: string, clock: Clock): Result<RunStore> {
  try {
    return ok(openRunStore(file, clock));
  } catch (error) {
    if (error instanceof StorageError) return err(error.failure);
    throw error;
  }
}

/** Inspection of agents where tasks of `mode` would start them: behind the sandbox, if there is one. */
export function agentInspector(mode: SandboxMode): (agent: AgentConfiguration) => Promise<Inspection> {
  const sandbox = bubblewrap(forkjoinHome());
  return (agent) => inspectAgent(agent, mode !== "off" && sandbox.probe().works ? sandbox : undefined);
}

/** Agents that would be hidden from their own tasks, by name, and what to show. */
export function hiddenAgents({ agents, sandbox: mode }: Pick<Configuration, "agents" | "sandbox">): HiddenAgent[] {
  const sandbox = bubblewrap(forkjoinHome());
  if (mode === "off" || !sandbox.probe().works) return [];
  const names = Object.keys(agents).sort();
  return names.flatMap((name) => {
    const agent = agents[name];
    const problem = agent && hiddenProblem(agentCommand(agent).command, agent, sandbox);
    return problem === undefined ? [] : [{ name, says: `${problem.message}; ${problem.hint} to agents.${name}` }];
  });
}

/** The limits of processes and memory that nothing on this machine holds. */
export function unheldLimits({ sandbox, limits }: Pick<Configuration, "sandbox" | "limits">): UnheldLimit[] {
  return unlimitedUnder(sandbox, limits, bubblewrap(forkjoinHome()));
}

/** The operator's configuration, with the coding agents that are on PATH. */
export async function configured(file: string | undefined): Promise<Result<Configuration>> {
  const loaded = await loadConfiguration(file);
  return loaded.ok ? ok(await withInstalledAgents(loaded.value)) : loaded;
}

/** Coding agents that are on PATH can be named without being configured. */
async function withInstalledAgents(configuration: Configuration): Promise<Configuration> {
  const agents = { ...configuration.agents };
  for (const preset of PRESETS) {
    if (agents[preset] !== undefined || (await findProgram(preset)) === undefined) continue;
    agents[preset] = { preset, env: [], timeout: "30min" };
  }
  return { ...configuration, agents };
}

/** Top levels of the allowed repositories; a folder that is none yet is kept as it is, and refused when it is used. */
async function topLevels(folders: string[] | undefined): Promise<string[] | undefined> {
  if (folders === undefined) return undefined;
  return Promise.all(
    folders.map(async (folder) => {
      const located = await locate(resolve(folder));
      return located.ok ? located.value.root : resolve(folder);
    }),
  );
}

const locate = rememberLocations();

async function open(
  directory: string,
  { home, allowed, minFreeMb }: { home: string; allowed: string[] | undefined; minFreeMb: number },
): Promise<Result<OpenRepository>> {
  const located = await locate(resolve(directory));
  if (!located.ok) return located;
  const { root } = located.value;
  if (allowed !== undefined && !allowed.includes(root)) {
    const hint = `this server may work on: ${allowed.join(", ")}; start it with --repo to allow another`;
    return err(failure("not_a_repository", `repo ${root} is not one of the allowed repositories`, hint));
  }
  const repository = await openRepository(located.value, engineIn(home, root).directory);
  return ok({
    repository,
    workspaces: gitWorkspaces(located.value, home, minFreeMb),
    code: codeOf(located.value.objects, home),
  });
}

const analyser = languageAnalyser();
const caches = new Map<string, CodeCache>();

/** Worktrees of one repository share their objects, and with them what was read from the code. */
function codeOf(objects: string, home: string): { analyser: LanguageAnalyser; cache: CodeCache } {
  const folder = join(home, "code", createHash("sha256").update(objects).digest("hex").slice(0, 16));
  const cache = caches.get(folder) ?? folderCodeCache(folder, analyser.version);
  caches.set(folder, cache);
  return { analyser, cache };
}

/** The operator's graph may lie anywhere; one that a client names must be inside the repository, links followed. */
function knowledgeSource(root: string, named: string | undefined, { knowledge }: Configuration): KnowledgeSource {
  const roots = (knowledge?.roots ?? ["."]).map((folder) => resolve(root, folder));
  const graph = named ?? knowledge?.graph;
  const source = fileKnowledgeSource({ ...(graph === undefined ? {} : { graph: resolve(root, graph) }), roots });
  if (named === undefined || isInside(root, resolve(root, named))) return source;
  const refused = failure("knowledge_unreadable", `graph ${named} is not in the repository`, "name a file inside it");
  return { ...source, graph: async () => err(refused) };
}

function isInside(root: string, file: string): boolean {
  if (!existsSync(file)) return true;
  const path = relative(realpathSync(root), realpathSync(file));
  return !path.startsWith("..") && !isAbsolute(path);
}

/** Sortable by time and short enough for a branch name: `20261123-074512-9f3a`. */
function newRunId(): string {
  const [date = "", time = ""] = new Date().toISOString().split("T");
  return `${date.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${randomBytes(2).toString("hex")}`;
}
